import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { byAge, type ConfigObject, objectKey } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Labels } from '../../model/labels.ts';
import type { IstioGateway } from '../../schema/istio-gateway/istio-gateway.ts';
import { gatewayIssues } from '../gateways/gateway-issues.ts';
import { mergeGateways } from '../gateways/merge-gateways.ts';
import { selectGateways } from '../gateways/selected-gateway.ts';
import { scopeKey } from '../scope.ts';
import type { MeshSettings } from '../settings.ts';

export interface GatewayConflictInputs {
  /** What users wrote: nobody is told of others. */
  readonly written: MapCell<ConfigObject<IstioGateway>>;
  /** These, and what Ingresses come to. */
  readonly objects: MapCell<ConfigObject<IstioGateway>>;
  readonly settings: Cell<MeshSettings>;
}

/**
 * By Gateway: which of its servers come to nothing beside those of others, on a workload that has the labels of its selector and no
 * more. Every gateway that it selects serves at least these.
 */
export function gatewayConflicts(engine: Engine, { written, objects, settings }: GatewayConflictInputs): MapCell<readonly Issue[]> {
  const bySelector = engine.index(objects, ({ spec }) => [scopeKey(spec.selector ?? {})]);
  const ofWorkload = engine.family<ReadonlyMap<string, readonly Issue[]>>((key, read) => {
    const { namespace, labels } = JSON.parse(key) as { readonly namespace?: string; readonly labels: Labels };
    const candidates = selectorsWithin(labels)
      .flatMap((selector) => [...read(bySelector.group(scopeKey(selector))).values()])
      .filter((object) => namespace === undefined || object.namespace === namespace);
    const selected = selectGateways(candidates.sort(byAge), { labels, targets: [] }, false);
    return Map.groupBy(gatewayIssues(mergeGateways(selected)), ({ object }) => (object === undefined ? '' : objectKey(object)));
  });
  return engine.mapValues(
    written,
    (gateway, key, read) => {
      const { PILOT_SCOPE_GATEWAY_TO_NAMESPACE: scoped } = read(settings).flags;
      const labels = gateway.spec.selector ?? {};
      return read(ofWorkload(scopeKey({ labels, ...(scoped && { namespace: gateway.namespace }) }))).get(key);
    },
    deepEqual,
  );
}

/** Labels beyond these are not taken apart: nobody writes such selectors, and their parts are too many. */
const maxLabels = 8;

/** Every selector that selects what has these labels. */
function selectorsWithin(labels: Labels): readonly Labels[] {
  const entries = Object.entries(labels);
  if (entries.length > maxLabels) return [{}, labels];
  const parts: Labels[] = [{}];
  for (const [key, value] of entries) parts.push(...parts.map((part) => ({ ...part, [key]: value })));
  return parts;
}
