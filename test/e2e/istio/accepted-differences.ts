import type { Difference } from './differences.ts';

interface AcceptedDifference {
  /** Why Envoy does the same with both, or why we mean to differ. */
  readonly reason: string;
  readonly holds: (difference: Difference) => boolean;
}

/** Where our resources and Istio's are not alike, on purpose. */
const acceptedDifferences: readonly AcceptedDifference[] = [
  {
    reason: 'UNKNOWN means to Envoy what HEALTHY means',
    holds: ({ path, ours, istio }) => path.endsWith('.health_status') && ours === 'HEALTHY' && istio === undefined,
  },
  {
    reason: 'where a rule stands, for explain (decision 9); Envoy does not look at it',
    holds: ({ path, istio }) =>
      istio === undefined && /\.metadata\.filter_metadata\.istio\.rule$|\.filter_chains\[\d+\]\.metadata$/.test(path),
  },
  {
    reason: 'outbound listeners are shared by workloads: what tells one from another is read from its environment',
    holds: ({ path }) => path.includes('.tracing.custom_tags'),
  },
  {
    reason: 'stands for one state of the object: any text will do that changes with it',
    holds: ({ path }) => path.endsWith('.ISTIO_META_WASM_PLUGIN_RESOURCE_VERSION'),
  },
  {
    reason: 'a module without configuration: Istio says so with an empty message of no type',
    holds: ({ path, ours, istio }) => path.endsWith('.config.configuration') && ours === undefined && JSON.stringify(istio) === '{}',
  },
  {
    reason: 'a proxy that does not name its cluster: without a name of the service Envoy refuses the tracer',
    holds: ({ path, ours, istio }) => path.endsWith('.tracing.provider.typed_config.service_name') && ours === 'istio-proxy' && !istio,
  },
  {
    reason: 'a module that becomes one of connections, or the other way round, is another resource: Envoy would refuse it',
    holds: ({ ours, istio }) => typeof ours === 'string' && ours === `${String(istio)}~network`,
  },
  {
    reason: 'a forward proxy in plain text that has HTTP options: Envoy refuses the one that Istio makes',
    holds: ({ path, ours, istio }) => path.endsWith('.allow_insecure_cluster_options') && ours === true && istio === undefined,
  },
  {
    reason: 'Istio sends the tables that a listener names; ours of no listener are asked for by nobody',
    holds: ({ path, istio, isWhole }) => isWhole === true && path.startsWith('routes ') && istio === undefined,
  },
  {
    reason: 'clusters that do not take endpoints have an assignment all the same, which nobody asks for',
    holds: ({ path, istio, isWhole }) => isWhole === true && path.startsWith('endpoints ') && istio === undefined,
  },
];

export function isAccepted(difference: Difference): boolean {
  return acceptedDifferences.some(({ holds }) => holds(difference));
}
