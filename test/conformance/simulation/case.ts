/** The cases of the simulation suite as they lie in their files (its README.md says what they mean). */

export interface CallInput {
  readonly port: number;
  readonly protocol: 'http' | 'http2' | 'tcp';
  readonly tls?: 'plaintext' | 'tls' | 'mtls';
  readonly address?: string;
  readonly path?: string;
  readonly hostHeader?: string;
  readonly sni?: string;
  readonly alpn?: string;
  readonly callMode?: 'inbound' | 'outbound' | 'gateway';
  readonly mtlsSecretConfigName?: string;
}

export type CallError =
  | 'NO_LISTENER'
  | 'NO_FILTER_CHAIN'
  | 'MULTIPLE_FILTER_CHAINS'
  | 'TLS_ERROR'
  | 'MTLS_ERROR'
  | 'PROTOCOL_ERROR'
  | 'NO_VIRTUAL_HOST'
  | 'TLS_REDIRECT'
  | 'NO_ROUTE';

/** Names of what a call met; what was found before an error stays. */
export interface CallOutcome {
  readonly error?: CallError;
  readonly listener?: string;
  readonly filterChain?: string;
  readonly routeConfig?: string;
  readonly virtualHost?: string;
  readonly route?: string;
  readonly cluster?: string;
}

export interface ExpectedOutcome extends CallOutcome {
  readonly clusterWithDomain?: string;
  readonly strictMatch?: boolean;
}

export interface TlsCheck {
  readonly firstSdsSecretName?: string;
  readonly requireClientCertificate?: boolean;
  readonly firstSdsGrpcClusterName?: string;
}

export interface Call {
  readonly name: string;
  readonly input: CallInput;
  readonly expected: ExpectedOutcome;
  readonly checks?: readonly (TlsCheck & { readonly on: 'matchedFilterChain' })[];
}

export interface StructureCheck extends TlsCheck {
  readonly listenersOnPort?: number;
  readonly countExactly?: number;
  readonly countAtLeast?: number;
  readonly listener?: string;
  readonly on?: 'firstFilterChain';
  readonly filterChainsWithPrefixRanges?: number;
  readonly everyPrefixLen?: number;
  readonly hasDefaultFilterChain?: boolean;
  readonly hasFilterChainMatcher?: boolean;
}

export interface ExpectedInboundCluster {
  readonly name: string;
  readonly endpoints: readonly string[];
  readonly telemetryServices: readonly string[];
}

interface CommonParts {
  readonly name: string;
  readonly test: string;
  readonly features: Readonly<Record<string, string>>;
  readonly proxy: { readonly nodeId: string; readonly metadata: Readonly<Record<string, unknown>> };
  readonly mesh: string;
  readonly config: string;
  readonly kube: string;
  readonly variant?: 'virtualservice' | 'httproute';
}

export type SimulationCase = CommonParts &
  (
    | { readonly kind: 'calls'; readonly calls: readonly Call[]; readonly validateConfigs: boolean }
    | { readonly kind: 'routes'; readonly routeName: string; readonly expected: Readonly<Record<string, readonly string[] | null>> }
    | { readonly kind: 'structure'; readonly checks: readonly StructureCheck[] }
    | {
        readonly kind: 'inboundClusters';
        readonly expected: readonly ExpectedInboundCluster[];
        readonly inboundCalls: readonly { readonly port: number; readonly cluster: string }[];
      }
  );
