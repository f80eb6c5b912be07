import type { WorkloadExtension } from '../../mesh/extensions/workload-extension.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { ModeTelemetry, ResolvedTelemetry } from '../../mesh/telemetry/resolved-telemetry.ts';
import type { Service } from '../../model/service.ts';
import type { UnknownHostPolicy } from '../routes/catch-all-virtual-host.ts';

/** On which side of which proxy a listener stands (Istio `ListenerClass`): much of what filters do depends on it. */
export type ListenerClass = 'sidecar-inbound' | 'sidecar-outbound' | 'gateway';

/** What every filter of a listener may depend on, beside what it is for. */
export interface FilterContext {
  readonly class: ListenerClass;
  readonly scope: FilterScope;
  readonly settings: MeshSettings;
  /** What the workload's Telemetry objects come to. */
  readonly telemetry: ResolvedTelemetry;
  /** Of a chain that the workload receives by: whether mutual TLS ends there. */
  readonly connectionSecurity?: 'mutual_tls' | 'none';
  /** Filters of users that hold for the workload, in their order; absent: none. */
  readonly extensions?: readonly WorkloadExtension[];
  /** Under which name tracers report the proxy; absent where no tracer asks for one. */
  readonly spanService?: string;
  /** Node metadata IDLE_TIMEOUT, of connections; absent: Envoy's own, an hour. */
  readonly idleTimeout?: string;
  /** The policy for unknown hosts in force: the Sidecar's, else the mesh's. Only outbound filters ask for it. */
  readonly outboundPolicy?: UnknownHostPolicy;
}

/** All labels of the workload are known where the listener is the workload's own: inbound and at gateways. */
export type FilterScope = OutboundScope & { readonly workloadLabels?: OutboundScope['labels'] };

/** A service that Envoy resolves by the host of each request or by the server name. */
export type ForwardedService = Pick<Service, 'hostname' | 'resolution'>;

/** What holds on the listener's side of calls: a gateway is a client of what is behind it. */
export function telemetryOf({ class: listenerClass, telemetry }: Pick<FilterContext, 'class' | 'telemetry'>): ModeTelemetry {
  return listenerClass === 'sidecar-inbound' ? telemetry.SERVER : telemetry.CLIENT;
}
