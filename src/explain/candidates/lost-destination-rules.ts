import { isVisibleTo } from '../../mesh/visibility.ts';
import { type ConfigObject, refOf } from '../../model/config-object.ts';
import { bySpecificity, hostsMatch, resolveShortName } from '../../model/hostname.ts';
import { selects } from '../../model/labels.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { Service } from '../../model/service.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { Step } from '../../simulate/step.ts';
import { ask } from '../ask.ts';
import type { ExplainWorld } from '../explain-world.ts';
import type { ExplainedLoser } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import { parseClusterName } from '../origins/cluster-name.ts';
import { serviceSeenFrom } from '../origins/service-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';

/** DestinationRules for the host of a cluster that had no part in it, and why. */
export function lostDestinationRules(proxy: ServedProxy, { at, chosen }: Step): readonly ExplainedLoser[] {
  const cluster = parseClusterName(at?.name ?? chosen);
  const service = cluster && serviceSeenFrom(proxy.world, proxy.subject.namespace, cluster.hostname);
  if (cluster?.direction !== 'outbound' || service === undefined) return [];
  const used = usedRules(proxy, service);
  return rulesForHost(proxy.world, cluster.hostname)
    .filter((rule) => !used.has(formatRef(refOf(rule))))
    .map((rule) => {
      const [reason, field] = whyNot(rule, proxy, service, used);
      return {
        name: `DestinationRule ${rule.namespace}/${rule.name}`,
        reason,
        origin: locateOrigin(proxy.world, refOf(rule), ['spec', field]),
      };
    });
}

/** Those whose host covers it, by name. */
export function rulesForHost(world: ExplainWorld, hostname: string): readonly ConfigObject<DestinationRule>[] {
  const { domainSuffix } = world.mesh.settings.get();
  return [...world.table('DestinationRule').get().values()].filter(({ spec, namespace }) =>
    hostsMatch(resolveShortName(spec.host, namespace, domainSuffix).toLowerCase(), hostname),
  );
}

/** Objects that the effective rules for clients of the proxy were merged out of. */
export function usedRules({ world, subject, scopes }: ServedProxy, service: Service): ReadonlySet<string> {
  const { mesh } = world;
  const rules = ask(mesh.engine, (read) => read(mesh.rules.rulesFor(subject.namespace, service.namespace, service.hostname)));
  const first = rules.find(({ workloadSelector }) => workloadSelector === undefined || selects(workloadSelector, scopes.labels));
  return new Set((first?.sources ?? []).map(formatRef));
}

type Reason = readonly [reason: string, field: string];

function whyNot(
  { spec, namespace }: ConfigObject<DestinationRule>,
  proxy: ServedProxy,
  service: Service,
  used: ReadonlySet<string>,
): Reason {
  const { domainSuffix, rootNamespace } = proxy.world.mesh.settings.get();
  const client = proxy.subject.namespace;
  const selector = spec.workloadSelector?.matchLabels;
  if (selector !== undefined && !selects(selector, proxy.scopes.labels))
    return ['workloadSelector: it is for other clients', 'workloadSelector'];
  if (!isVisibleTo(spec.exportTo && spec.exportTo.length > 0 ? spec.exportTo : ['*'], namespace, client))
    return [`exportTo: ${(spec.exportTo ?? []).join(', ')} does not let namespace ${client} see it`, 'exportTo'];
  const searched = [client, service.namespace, rootNamespace];
  if (!searched.includes(namespace))
    return [`namespace ${namespace} is neither the client's, nor the service's, nor the root namespace`, 'host'];
  const [first] = used;
  const winner = first?.replace('/', ' ');
  if (winner === undefined) return ['another rule of the namespace with a more specific host stands before it', 'host'];
  const won = proxy.world.table('DestinationRule').lookup(winner.slice(winner.indexOf(' ') + 1));
  if (won === undefined) return [`${winner} decides`, 'host'];
  if (won.namespace !== namespace) return [`${winner} is in namespace ${won.namespace}, which is looked into first`, 'host'];
  const [own, best] = [spec.host, won.spec.host].map((host) => resolveShortName(host, namespace, domainSuffix));
  if (own !== undefined && best !== undefined && bySpecificity(own, best) > 0)
    return [`host: ${own} is less specific than ${best} of ${winner}`, 'host'];
  return [`${winner} has the host too, and is older or first by name`, 'host'];
}
