import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { RBAC } from '../../envoy/generated/envoy/extensions/filters/network/rbac/v3/RBAC.ts';
import type { TcpProxy } from '../../envoy/generated/envoy/extensions/filters/network/tcp_proxy/v3/TcpProxy.ts';
import { messageOf, typeOf } from '../any-message.ts';
import { throughCluster } from '../clusters/through-cluster.ts';
import type { Context } from '../engine.ts';
import { throughConnectionManager } from '../http/through-connection-manager.ts';
import type { Closed } from '../outcome.ts';
import { partOf } from '../places.ts';
import { evaluateRules } from '../rbac/evaluate-rules.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Simulation } from '../simulation.ts';
import type { Place, Step } from '../step.ts';
import { branched, ended, stepOf } from '../steps.ts';
import { isDoubt } from '../three-valued.ts';
import type { TlsResult } from './downstream-tls.ts';

const managerType = 'envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager';
const tcpType = 'envoy.extensions.filters.network.tcp_proxy.v3.TcpProxy';
const rbacType = 'envoy.extensions.filters.network.rbac.v3.RBAC';
const sniClusterType = 'envoy.extensions.filters.network.sni_cluster.v3.SniCluster';
/** Network filters that look on, and let everything through. */
const passive = [
  'metadataexchange',
  'MetadataExchange',
  'MongoProxy',
  'MySQLProxy',
  'PostgresProxy',
  'ZooKeeperProxy',
  'PluginConfig',
  'set_filter_state',
  'SniDynamicForwardProxy',
];

export interface ChainInput {
  readonly request: SimulatedRequest;
  readonly tls: TlsResult;
  readonly chainAt: Place;
  readonly isRestored: boolean;
}

/** The network filters of a chain up to the one at which the connection ends. */
export function throughChain(context: Context, { filters = [] }: FilterChain, input: ChainInput): Simulation {
  const steps: Step[] = [];
  let sniCluster: string | undefined;
  for (const [index, { name = '', typed_config: config }] of filters.entries()) {
    const at = partOf(input.chainAt, ['filters', index]);
    const manager = messageOf<HttpConnectionManager>(config, managerType);
    if (manager !== undefined) return joined(steps, toManager(context, manager, at, input));
    const tcp = messageOf<TcpProxy>(config, tcpType);
    if (tcp !== undefined) return joined(steps, toClusters(context, sniCluster === undefined ? tcp : { cluster: sniCluster }, at, input));
    const rbac = messageOf<RBAC>(config, rbacType);
    if (rbac?.rules) {
      const verdict = evaluateRules(rbac.rules, input.request, undefined);
      steps.push(stepOf({ stage: 'network filter', chosen: name, why: verdict.why, at }));
      if (isDoubt(verdict.isAllowed)) return ended(steps, { kind: 'unknown', because: verdict.why, at });
      if (!verdict.isAllowed) return closed(steps, 'access denied', at);
    } else if (typeOf(config) === sniClusterType) sniCluster = input.request.tls?.sni ?? '';
    else if (!isPassive(config)) {
      const notes = ['it may change the connection, or end it'];
      steps.push(stepOf({ stage: 'network filter', chosen: name, why: 'not evaluated', at, notes }));
    }
  }
  return closed(steps, 'no network filter', input.chainAt);
}

function isPassive(config: Parameters<typeof typeOf>[0]): boolean {
  const inner = (config as { readonly type_url?: string } | null | undefined)?.type_url ?? '';
  const type = `${typeOf(config)} ${inner}`;
  return passive.some((part) => type.includes(part));
}

function toManager(context: Context, manager: HttpConnectionManager, at: Place, input: ChainInput): Simulation {
  const { request, tls, isRestored } = input;
  if (request.protocol === 'tcp' || !tls.isReadable) {
    const why = tls.isReadable ? 'the client does not speak HTTP' : 'what arrives is TLS, which does not end here';
    return closed([stepOf({ stage: 'HTTP connection manager', chosen: manager.stat_prefix ?? '', why, at })], 'not HTTP', at);
  }
  return throughConnectionManager(context, { manager, at, input: request, isTls: tls.isTerminated, isRestored });
}

function toClusters(
  context: Context,
  { cluster, weighted_clusters: weighted, tunneling_config }: TcpProxy,
  at: Place,
  input: ChainInput,
): Simulation {
  const { request, isRestored } = input;
  const to = (name: string) =>
    throughCluster(context, { name, from: at, why: 'the TCP proxy names it', input: request, isRestored, mirrors: [] });
  const notes = tunneling_config ? [`through a tunnel to ${tunneling_config.hostname}`] : [];
  const step = stepOf({ stage: 'network filter', chosen: 'TCP proxy', why: 'the connection is passed on as it is', at, notes });
  if (cluster) return joined([step], to(cluster));
  const clusters = weighted?.clusters ?? [];
  const total = clusters.reduce((sum, { weight }) => sum + (weight ?? 0), 0);
  return joined(
    [step],
    branched(
      clusters.map(({ name = '', weight = 0 }) => ({
        probability: weight / total,
        because: `weight ${weight} of ${total}`,
        way: to(name),
      })),
    ),
  );
}

function joined(steps: readonly Step[], rest: Simulation): Simulation {
  return { steps: [...steps, ...rest.steps], end: rest.end };
}

function closed(steps: readonly Step[], because: Closed['because'], at: Place): Simulation {
  return ended(steps, { kind: 'closed', because, at });
}
