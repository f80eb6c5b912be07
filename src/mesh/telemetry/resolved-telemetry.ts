import type { ExtensionProvider } from '../../schema/mesh-config/extension-provider.ts';
import type { CustomTag } from '../../schema/telemetry/telemetry.ts';

/** On which side of a call a listener stands, in the words of the Telemetry API. */
export type TelemetryMode = 'CLIENT' | 'SERVER';

/** The service behind a provider. */
export interface ProviderTarget {
  readonly hostname: string;
  readonly port: number;
}

/** A provider, with the services that it names where the mesh knows them. */
export interface ResolvedProvider {
  readonly provider: ExtensionProvider;
  /** Absent: the provider names none, or none that can be found. */
  readonly target?: ProviderTarget;
  /** The API of a Dynatrace sampler that is not the exporter itself. */
  readonly sampler?: ProviderTarget;
}

/** One access log, by provider. */
export interface ResolvedLog extends ResolvedProvider {
  readonly isDisabled: boolean;
  /** CEL; only what it is true for is logged. */
  readonly filter?: string;
}

export interface ResolvedTracing {
  /** Absent: nothing is traced. */
  readonly provider?: ResolvedProvider;
  readonly isDisabled: boolean;
  /** Percent; absent: as the proxy's settings say. */
  readonly sampling?: number;
  readonly customTags: Readonly<Record<string, CustomTag>>;
  readonly useRequestId: boolean;
  readonly hasIstioTags: boolean;
  readonly isContextKept: boolean;
}

export interface TagOverride {
  readonly name: string;
  /** A CEL expression; absent: the tag is removed. */
  readonly value?: string;
}

/** What users change about one metric: Istio's name for it in the API (`REQUEST_COUNT`), or a custom one. */
export interface MetricOverride {
  readonly metric: string;
  readonly isDropped: boolean;
  readonly tags: readonly TagOverride[];
}

/** Metrics for one Prometheus provider. */
export interface ResolvedMetrics {
  readonly overrides: readonly MetricOverride[];
  /** How often long connections are counted. */
  readonly reportingInterval?: string;
}

/** What holds on one side of calls. */
export interface ModeTelemetry {
  /** Absent: neither Telemetry objects nor default providers say anything, the older settings of the mesh count. */
  readonly logs?: readonly ResolvedLog[];
  /** Absent: the same. */
  readonly tracing?: ResolvedTracing;
  readonly metrics: readonly ResolvedMetrics[];
}

/** What all Telemetry objects of a workload come to. */
export type ResolvedTelemetry = Readonly<Record<TelemetryMode, ModeTelemetry>>;
