import type { ConfigObject } from '../../model/config-object.ts';
import { refOf } from '../../model/config-object.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import { closestOf } from '../../schema/field/did-you-mean.ts';
import { rulesForHost, usedRules } from '../candidates/lost-destination-rules.ts';
import type { Hint } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import { type ClusterName, parseClusterName } from '../origins/cluster-name.ts';
import { serviceOrigin, serviceSeenFrom } from '../origins/service-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';
import type { FindHints } from './hint-context.ts';
import { missingClusters } from './way-facts.ts';

/** A rule leads to a cluster that does not exist: no such subset, port or host. */
export const missingCluster: FindHints = ({ proxy, way }) =>
  missingClusters(way).flatMap((name): readonly Hint[] => {
    const cluster = parseClusterName(name);
    return cluster?.direction === 'outbound' ? [whyMissing(proxy, cluster)] : [];
  });

function whyMissing(proxy: ServedProxy, cluster: ClusterName): Hint {
  const { hostname, port, subset } = cluster;
  const service = serviceSeenFrom(proxy.world, proxy.subject.namespace, hostname);
  if (service === undefined)
    return {
      message: `no registry knows ${hostname}, where the rule leads`,
      advice: 'write a Service or ServiceEntry for it, or mend the destination',
    };
  if (!service.ports.some(({ number }) => number === port)) {
    const advice = `it has ${service.ports.map(({ number }) => number).join(', ')}; name one in destination.port`;
    return { message: `${hostname} has no port ${port}, which the rule leads to`, advice, origin: serviceOrigin(proxy.world, service) };
  }
  if (subset === '')
    return { message: `${hostname} is not visible to this proxy`, advice: 'see exportTo of the service, and the Sidecar of the workload' };
  const rules = rulesForHost(proxy.world, hostname);
  const used = usedRules(proxy, service);
  const visible = rules.filter((rule) => used.has(formatRef(refOf(rule))));
  const elsewhere = rules.find((rule) => !visible.includes(rule) && rule.spec.subsets?.some((each) => each.name === subset));
  if (elsewhere) {
    const message = `subset ${subset} is defined by ${formatRef(refOf(elsewhere))}, which does not hold for clients of namespace ${proxy.subject.namespace}`;
    return {
      message,
      advice: 'see why under the cluster above',
      origin: locateOrigin(proxy.world, refOf(elsewhere), ['spec', 'exportTo']),
    };
  }
  return subsetHint(proxy, cluster, visible);
}

function subsetHint({ world }: ServedProxy, { subset, hostname }: ClusterName, visible: readonly ConfigObject<DestinationRule>[]): Hint {
  const names = visible.flatMap(({ spec }) => (spec.subsets ?? []).map(({ name }) => name));
  const close = closestOf(subset, names);
  const [rule] = visible;
  if (rule === undefined)
    return { message: `subset ${subset} of ${hostname} is defined nowhere`, advice: 'write a DestinationRule for the host that has it' };
  const there = close === undefined ? (names.length > 0 ? `there are ${names.join(', ')}` : 'it has none') : `did you mean ${close}?`;
  return {
    message: `DestinationRule ${rule.namespace}/${rule.name} has no subset ${subset}`,
    advice: there,
    origin: locateOrigin(world, refOf(rule), ['spec', 'subsets']),
  };
}
