import type { Call, CallOutcome, ExpectedInboundCluster, SimulationCase, StructureCheck } from './case.ts';
import { CallEvaluator } from './evaluate-call.ts';
import { inboundClusters } from './inbound-clusters.ts';
import type { ProxyXds } from './proxy-xds.ts';
import { insanities } from './sanity.ts';
import { tlsDisagreements } from './typed-parts.ts';

/** Everything in which a case and what the proxy is served disagree; empty: the case passes. */
export function disagreements(given: SimulationCase, xds: ProxyXds): readonly string[] {
  const evaluator = new CallEvaluator(xds);
  switch (given.kind) {
    case 'calls':
      return [...given.calls.flatMap((call) => callDisagreements(evaluator, call)), ...(given.validateConfigs ? insanities(xds) : [])];
    case 'routes':
      return routeDisagreements(xds, given.routeName, given.expected);
    case 'structure':
      return given.checks.flatMap((check) => structureDisagreements(xds, check));
    case 'inboundClusters':
      return [
        ...clusterDisagreements(xds, given.expected),
        ...given.inboundCalls.flatMap((call) => inboundCallDisagreements(evaluator, call)),
      ];
  }
}

const namedFields = ['listener', 'filterChain', 'routeConfig', 'virtualHost', 'route', 'cluster'] as const;

function callDisagreements(evaluator: CallEvaluator, { name, input, expected, checks = [] }: Call): readonly string[] {
  const { outcome, chain } = evaluator.evaluate(input);
  const found: string[] = [];
  if (outcome.error !== expected.error) found.push(`error: want ${expected.error ?? 'none'}, have ${outcome.error ?? 'none'}`);
  for (const field of namedFields) {
    const wanted = expected[field] ?? (expected.strictMatch === true ? '' : undefined);
    const isAlternative = field === 'cluster' && expected.clusterWithDomain !== undefined && outcome.cluster === expected.clusterWithDomain;
    if (wanted !== undefined && (outcome[field] ?? '') !== wanted && !isAlternative)
      found.push(`${field}: want ${wanted}, have ${outcome[field] ?? ''}`);
  }
  for (const check of checks) found.push(...tlsDisagreements(chain, check));
  return found.length === 0 ? [] : [`call ${name}: ${found.join('; ')} (met ${describe(outcome)})`];
}

function describe(outcome: CallOutcome): string {
  return Object.entries(outcome)
    .flatMap(([key, value]) => (value === '' ? [] : [`${key} ${value}`]))
    .join(', ');
}

function routeDisagreements(
  xds: ProxyXds,
  routeName: string,
  expected: Readonly<Record<string, readonly string[] | null>>,
): readonly string[] {
  const hosts = xds.routes.get(routeName)?.virtual_hosts ?? [];
  return Object.entries(expected).flatMap(([domain, wanted]) => {
    const routes = hosts.find(({ domains }) => domains?.includes(domain))?.routes ?? [];
    const clusters = routes.map(({ route }) => route?.cluster ?? '').sort();
    const have = clusters.join(' ');
    const want = [...(wanted ?? [])].sort().join(' ');
    return have === want ? [] : [`${domain}: want ${want || 'nothing'}, have ${have || 'nothing'}`];
  });
}

function structureDisagreements(xds: ProxyXds, check: StructureCheck): readonly string[] {
  const found: string[] = [];
  if (check.listenersOnPort !== undefined) {
    const count = xds.listeners.filter(({ address }) => address?.socket_address?.port_value === check.listenersOnPort).length;
    if (check.countExactly !== undefined && count !== check.countExactly) found.push(`${count} listeners on ${check.listenersOnPort}`);
    if (check.countAtLeast !== undefined && count < check.countAtLeast) found.push(`only ${count} listeners on ${check.listenersOnPort}`);
    return found;
  }
  const listener = xds.listeners.find(({ name }) => name === check.listener);
  if (listener === undefined) return [`no listener ${check.listener}`];
  const ranges = (listener.filter_chains ?? []).map(({ filter_chain_match }) => filter_chain_match?.prefix_ranges ?? []);
  const lengths = ranges.flat().map(({ prefix_len }) => prefix_len?.value ?? 0);
  const { filterChainsWithPrefixRanges: wanted, everyPrefixLen, hasDefaultFilterChain, hasFilterChainMatcher } = check;
  const withRanges = ranges.filter((list) => list.length > 0).length;
  if (wanted !== undefined && withRanges !== wanted) found.push(`${withRanges} chains with prefix ranges, want ${wanted}`);
  if (everyPrefixLen !== undefined && lengths.some((length) => length !== everyPrefixLen))
    found.push(`prefix lengths ${lengths.join(' ')}`);
  if (hasDefaultFilterChain !== undefined && Boolean(listener.default_filter_chain) !== hasDefaultFilterChain)
    found.push('default filter chain');
  if (hasFilterChainMatcher !== undefined && Boolean(listener.filter_chain_matcher) !== hasFilterChainMatcher)
    found.push('filter chain matcher');
  found.push(...tlsDisagreements(listener.filter_chains?.[0], check));
  return found.map((text) => `listener ${check.listener}: ${text}`);
}

function clusterDisagreements(xds: ProxyXds, expected: readonly ExpectedInboundCluster[]): readonly string[] {
  const have = inboundClusters(xds.clusters)
    .map((cluster) => JSON.stringify(cluster))
    .sort();
  const want = expected.map(({ name, endpoints, telemetryServices }) => JSON.stringify({ name, endpoints, telemetryServices })).sort();
  return [
    ...want.filter((cluster) => !have.includes(cluster)).map((cluster) => `missing cluster ${cluster}`),
    ...have.filter((cluster) => !want.includes(cluster)).map((cluster) => `unexpected cluster ${cluster}`),
  ];
}

function inboundCallDisagreements(
  evaluator: CallEvaluator,
  { port, cluster }: { readonly port: number; readonly cluster: string },
): readonly string[] {
  const { outcome } = evaluator.evaluate({ port, protocol: 'http', address: '1.2.3.4', callMode: 'inbound' });
  return outcome.error === undefined && outcome.cluster === cluster ? [] : [`call to ${port}: want ${cluster}, met ${describe(outcome)}`];
}
