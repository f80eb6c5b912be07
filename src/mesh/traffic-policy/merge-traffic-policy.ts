import type { PortTrafficPolicy, TrafficPolicy } from './traffic-policy.ts';

/** What holds for one port: the entry of `portLevelSettings` in place of everything else, or the policy as it is. */
export interface PortPolicy {
  readonly policy: TrafficPolicy | undefined;
  readonly fromPortLevel: boolean;
}

/**
 * The policy of one port number. A port-level entry REPLACES the destination level: what it leaves out falls back to
 * defaults, not to the policy around it (Istio `GetPortLevelTrafficPolicy`).
 */
export function portPolicy(policy: TrafficPolicy | undefined, port: number): PortPolicy {
  const entry = policy?.portLevelSettings?.find((candidate) => candidate.port?.number === port);
  return entry === undefined ? { policy, fromPortLevel: false } : { policy: withoutPort(entry), fromPortLevel: true };
}

/**
 * `over` laid on `base`, block by block; blocks are never merged inside. Where `over` comes from a port-level entry, the
 * four blocks that such an entry can hold replace those of `base` even where they are absent (Istio `MergeTrafficPolicy`).
 */
export function mergeTrafficPolicy(base: TrafficPolicy, over: TrafficPolicy, overFromPortLevel: boolean): TrafficPolicy {
  const { portLevelSettings: _basePorts, ...below } = base;
  const { portLevelSettings: _overPorts, ...above } = over;
  if (!overFromPortLevel) return { ...below, ...above };
  const { connectionPool: _pool, outlierDetection: _outlier, loadBalancer: _balancer, tls: _tls, ...rest } = below;
  return { ...rest, ...above };
}

/** `user` with the gaps filled from a policy that was synthesised out of a Gateway API backend policy. */
export function fillFromBackendPolicy(user: TrafficPolicy | undefined, backend: TrafficPolicy | undefined): TrafficPolicy | undefined {
  if (user === undefined || backend === undefined) return user ?? backend;
  const merged = mergeTrafficPolicy(backend, user, false);
  const ports = fillPorts(user.portLevelSettings, backend.portLevelSettings);
  return ports === undefined ? merged : { ...merged, portLevelSettings: ports };
}

function fillPorts(
  user: readonly PortTrafficPolicy[] | undefined,
  backend: readonly PortTrafficPolicy[] | undefined,
): PortTrafficPolicy[] | undefined {
  if (backend === undefined || user === undefined) return (user ?? backend)?.slice();
  const filled = user.map((entry) => {
    const below = backend.find((candidate) => candidate.port?.number === entry.port?.number);
    return below === undefined ? entry : { ...below, ...entry };
  });
  const added = backend.filter((entry) => !user.some((known) => known.port?.number === entry.port?.number));
  return [...filled, ...added];
}

function withoutPort(entry: PortTrafficPolicy): TrafficPolicy {
  const { port: _port, ...policy } = entry;
  return policy;
}
