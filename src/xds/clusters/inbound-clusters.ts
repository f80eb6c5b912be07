import type { ClusterLoadAssignment } from '../../envoy/generated/envoy/config/endpoint/v3/ClusterLoadAssignment.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { policyFor } from '../../mesh/traffic-policy/policy-for.ts';
import type { ConnectionPool } from '../../mesh/traffic-policy/traffic-policy.ts';
import { serviceKey } from '../../model/service.ts';
import type { ServiceTarget } from '../../model/service-target.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import { configPath } from '../config-metadata.ts';
import { addressMessage } from '../endpoints/lb-endpoints.ts';
import { inboundClusterName } from '../names.ts';
import { baseCluster } from './base-cluster.ts';
import { type ClusterDraft, finishCluster, type NamedCluster } from './cluster-draft.ts';
import { describeTargets } from './cluster-metadata.ts';
import { applyConnectionPool } from './connection-pool.ts';
import type { InboundCluster } from './inbound-cluster.ts';
import { passthroughSources } from './passthrough-source.ts';
import { sidecarIngressTargets } from './sidecar-ingress.ts';
import { altStatName, fillStatName } from './stat-name.ts';
import { oldestFirst } from './target-order.ts';

/** Everything that the inbound clusters of one workload depend on. */
export interface InboundClusterInput {
  /** Ports of services that the workload serves, in any order. */
  readonly targets: readonly ServiceTarget[];
  /** The Sidecar object that selects the workload. */
  readonly sidecar?: { readonly name: string; readonly namespace: string; readonly spec: Sidecar };
  /** The rule of each target's service for inbound traffic, by `namespace/hostname`; a selector does not count inbound. */
  readonly rules: ReadonlyMap<string, EffectiveRule>;
  /** The workload's own addresses: what `0.0.0.0` and `[::]` in a defaultEndpoint stand for. */
  readonly instanceAddresses: readonly string[];
  readonly settings: MeshSettings;
  readonly scope: OutboundScope;
}

/**
 * One cluster per port on which the workload receives traffic. A Sidecar with `ingress` replaces all that services say
 * (unless PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE); without one, a proxy that captures nothing receives nothing.
 */
export function buildInboundClusters(input: InboundClusterInput): NamedCluster[] {
  return inboundClusters(input).map((inbound) => inboundCluster(inbound, input));
}

function inboundClusters(input: InboundClusterInput): readonly InboundCluster[] {
  const { sidecar, scope, settings } = input;
  const ingress = sidecar?.spec.ingress ?? [];
  if (sidecar === undefined || ingress.length === 0) {
    return scope.features.interception === 'NONE' ? [] : serviceClusters(input, new Set());
  }
  const targets = [...input.targets].sort(oldestFirst);
  const fromSidecar = sidecarIngressTargets({ ...sidecar, ingress, targets, instanceAddresses: input.instanceAddresses, scope });
  if (!settings.flags.PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE) return fromSidecar;
  return [...serviceClusters(input, new Set(ingress.map((listener) => listener.port.number ?? 0))), ...fromSidecar];
}

function serviceClusters({ targets, settings, scope }: InboundClusterInput, taken: ReadonlySet<number>): readonly InboundCluster[] {
  const byPort = new Map<number, [ServiceTarget, ...ServiceTarget[]]>();
  for (const target of [...targets].sort(oldestFirst)) {
    if (taken.has(target.targetPort)) continue;
    const known = byPort.get(target.targetPort);
    if (known) known.push(target);
    else byPort.set(target.targetPort, [target]);
  }
  const loopback = scope.features.ipv4 || !scope.features.ipv6 ? '127.0.0.1' : '::1';
  const bind = settings.config.inboundTrafficPolicy?.mode === 'LOCALHOST' ? loopback : '';
  return [...byPort].sort(([a], [b]) => a - b).map(([port, ofPort]) => ({ clusterPort: port, bind, bindPort: port, targets: ofPort }));
}

function inboundCluster(inbound: InboundCluster, input: InboundClusterInput): NamedCluster {
  const { settings, scope } = input;
  const { clusterPort, targets } = inbound;
  const { service, port } = targets[0];
  const name = inboundClusterName(clusterPort);
  const isStatic = inbound.bind !== '';
  const draft = baseCluster({
    name,
    type: isStatic ? 'STATIC' : 'ORIGINAL_DST',
    ...(isStatic ? { loadAssignment: oneEndpoint(name, inbound.bind, inbound.bindPort) } : {}),
    port,
    // A port override belongs to clients of a ServiceEntry, never to the workload behind it.
    service: { ...service, targetPorts: {} },
    scope,
    settings,
  });
  if (settings.flags.PILOT_ENABLE_TELEMETRY_LABEL) describeTargets(draft, targets);
  const pattern = settings.config.inboundClusterStatName;
  if (pattern) draft.cluster.alt_stat_name = altStatName(fillStatName(pattern, { service, port, subset: '', targetPort: clusterPort }));
  applyInboundPolicy(draft, inbound, input);
  if (!isStatic) {
    draft.cluster.lb_policy = 'CLUSTER_PROVIDED';
    // The longest that Envoy's duration can hold: an original destination of the workload itself never goes stale.
    draft.cluster.cleanup_interval = { seconds: '9223372035', nanos: 0 };
  }
  applySource(draft, inbound.bind, scope, settings);
  return finishCluster(draft);
}

/** Only connection pools count at the receiving end: the Sidecar's, else the DestinationRule's, else the mesh's. */
function applyInboundPolicy(draft: ClusterDraft, { clusterPort, targets }: InboundCluster, input: InboundClusterInput): void {
  const { settings, sidecar } = input;
  const { service, port } = targets[0];
  const rule = input.rules.get(serviceKey(service));
  if (rule?.trafficPolicy !== undefined) draft.istioMetadata['config'] = configPath(rule.sources[0]);
  const policy = policyFor(rule, port.number, undefined, settings.config.defaultTrafficPolicy);
  const pool = sidecarPool(sidecar?.spec, clusterPort) ?? policy?.connectionPool ?? {};
  applyConnectionPool(draft, settings, pool, policy?.retryBudget);
}

function sidecarPool(sidecar: Sidecar | undefined, port: number): ConnectionPool | undefined {
  const listener = sidecar?.ingress?.find((entry) => entry.port.number === port && entry.connectionPool !== undefined);
  return listener?.connectionPool ?? sidecar?.inboundConnectionPool;
}

/**
 * Connections to the application come from an address that the redirection lets pass; those to loopback need none. Nor
 * does a proxy that captures nothing: no rule could send its traffic back, and the address may not exist on its machine.
 */
function applySource({ cluster }: ClusterDraft, bind: string, scope: OutboundScope, settings: MeshSettings): void {
  if (bind === '127.0.0.1' || bind === '::1' || scope.features.interception === 'NONE') return;
  const [first, ...others] = passthroughSources(scope, settings);
  cluster.upstream_bind_config = {
    source_address: first,
    ...(others.length > 0 ? { extra_source_addresses: others.map((address) => ({ address })) } : {}),
  };
}

function oneEndpoint(clusterName: string, address: string, port: number): ClusterLoadAssignment {
  return {
    cluster_name: clusterName,
    endpoints: [{ lb_endpoints: [{ endpoint: { address: addressMessage(address, port) } }] }],
  };
}
