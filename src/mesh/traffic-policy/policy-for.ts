import type { Labels } from '../../model/labels.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { EffectiveRule } from './effective-rule.ts';
import { mergeTrafficPolicy, portPolicy } from './merge-traffic-policy.ts';
import type { ClientTls, TrafficPolicy } from './traffic-policy.ts';

/**
 * The policy for one port and subset: port-level settings replace the destination level, the subset's own blocks override
 * what comes out, and a port-level entry inside the subset replaces again (Istio `MergeSubsetTrafficPolicy`). With a mesh
 * default, its blocks stand in for those that the destination level leaves out.
 */
export function policyFor(
  rule: EffectiveRule | undefined,
  port: number,
  subsetName: string | undefined,
  meshDefault?: MeshConfig['defaultTrafficPolicy'],
): TrafficPolicy | undefined {
  const destination = withMeshDefault(portPolicy(rule?.trafficPolicy, port).policy, meshDefault);
  const subset = findSubset(rule, subsetName)?.trafficPolicy;
  if (subset === undefined) return destination;
  const over = portPolicy(subset, port);
  if (destination === undefined || over.policy === undefined) return over.policy;
  return mergeTrafficPolicy(destination, over.policy, over.fromPortLevel);
}

/** Labels that endpoints of a subset must have; empty for an unknown subset, as in Istio. */
export function subsetLabels(rule: EffectiveRule | undefined, subsetName: string | undefined): Labels {
  return findSubset(rule, subsetName)?.labels ?? {};
}

/**
 * The TLS mode that a DestinationRule dictates for a port, whatever the endpoints say; undefined: it says nothing. Unlike
 * everywhere else, a port-level entry without `tls` inherits here (Istio `tlsModeForDestinationRule`).
 */
export function dictatedTlsMode(
  rule: EffectiveRule | undefined,
  port: number,
  subsetName: string | undefined,
): NonNullable<ClientTls['mode']> | undefined {
  const ofRule = tlsModeOf(rule?.trafficPolicy, port);
  if (subsetName === undefined || subsetName === '') return ofRule;
  const subset = findSubset(rule, subsetName);
  return subset === undefined ? undefined : (tlsModeOf(subset.trafficPolicy, port) ?? ofRule);
}

function tlsModeOf(policy: TrafficPolicy | undefined, port: number): NonNullable<ClientTls['mode']> | undefined {
  const entry = policy?.portLevelSettings?.find((candidate) => candidate.port?.number === port && candidate.tls !== undefined);
  const tls = entry?.tls ?? policy?.tls;
  return tls === undefined ? undefined : (tls.mode ?? 'DISABLE');
}

function findSubset(rule: EffectiveRule | undefined, name: string | undefined) {
  if (name === undefined || name === '') return undefined;
  return rule?.subsets.find(({ subset }) => subset.name === name)?.subset;
}

function withMeshDefault(policy: TrafficPolicy | undefined, meshDefault: MeshConfig['defaultTrafficPolicy']): TrafficPolicy | undefined {
  if (meshDefault?.connectionPool === undefined && meshDefault?.outlierDetection === undefined) return policy;
  return {
    ...policy,
    ...(policy?.connectionPool === undefined && meshDefault.connectionPool ? { connectionPool: meshDefault.connectionPool } : {}),
    ...(policy?.outlierDetection === undefined && meshDefault.outlierDetection ? { outlierDetection: meshDefault.outlierDetection } : {}),
  };
}
