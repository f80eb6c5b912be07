import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type InboundScope, scopeKey } from '../../mesh/scope.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { serviceKey } from '../../model/service.ts';
import type { NamedCluster } from '../clusters/cluster-draft.ts';
import { buildInboundClusters } from '../clusters/inbound-clusters.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { sidecarOf, targetsOf } from './inbound-facts.ts';

/** The clusters that lead to the workload's own application; sidecars alone have them. */
export function inboundClusterViews(
  mesh: Mesh,
  encode: (clusters: readonly NamedCluster[]) => readonly EncodedResource[],
): (scope: InboundScope) => MapCell<EncodedResource> {
  const views = mesh.engine.mapFamily((key) => {
    const scope = JSON.parse(key) as InboundScope;
    return encodeAll(mesh, (read) => {
      if (scope.role !== 'sidecar') return [];
      const targets = targetsOf(mesh, read, scope);
      const sidecar = sidecarOf(mesh, read, scope);
      const rules = new Map<string, EffectiveRule>();
      for (const { service } of targets) {
        // What the workload does not import itself no rule is looked up for (Istio `selectDestinationRules`).
        const imported = read(mesh.importedService(scope, service.hostname));
        if (imported === undefined) continue;
        const candidates = read(mesh.rules.rulesFor(scope.namespace, imported.namespace, service.hostname));
        const rule = ruleForProxy(candidates, 'inbound', scope);
        if (rule !== undefined) rules.set(serviceKey(service), rule);
      }
      const settings = read(mesh.settingsFor(scope.ownHeaders));
      const instanceAddresses = [scope.address];
      return encode(buildInboundClusters({ targets, rules, instanceAddresses, settings, scope, ...(sidecar && { sidecar }) }));
    });
  });
  return (scope) => views(scopeKey(scope));
}
