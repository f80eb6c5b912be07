import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { byAge } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Service } from '../../model/service.ts';
import { mergeGateways } from '../gateways/merge-gateways.ts';
import type { MergedGateway } from '../gateways/merged-gateway.ts';
import { type GatewayTarget, type GatewayWorkload, type SelectedGateway, selectGateways } from '../gateways/selected-gateway.ts';
import { type GatewayScope, scopeKey } from '../scope.ts';
import { type GatewayConflictInputs, gatewayConflicts } from './gateway-conflicts.ts';
import { sameElements } from './same-elements.ts';

/** What of a proxy decides which Gateways hold for it, and on which ports. */
export type GatewayClass = Pick<GatewayScope, 'namespace' | 'workloadLabels' | 'targets'>;

/** Which Gateways hold for a workload, and what they come to. */
export interface Gateways {
  readonly merged: (workload: GatewayClass) => Cell<MergedGateway>;
  /** By `namespace/name`: servers that come to nothing beside others. */
  readonly issues: MapCell<readonly Issue[]>;
}

export interface GatewayInputs extends GatewayConflictInputs {
  /** By `namespace/hostname`. */
  readonly services: MapCell<Service>;
}

const noTranslationLabel = 'experimental.istio.io/disable-gateway-port-translation';

export function gateways(engine: Engine, { written, objects, services, settings }: GatewayInputs): Gateways {
  const byNamespace = engine.index(objects, (object) => [object.namespace]);
  const oldestFirst = engine.derived((read) => [...read(objects).values()].sort(byAge));
  const ofNamespace = engine.family((namespace, read) => [...read(byNamespace.group(namespace)).values()].sort(byAge), sameElements);
  const workload = engine.family<GatewayWorkload>((key, read) => {
    const { workloadLabels, targets } = JSON.parse(key) as GatewayClass;
    return { labels: workloadLabels, targets: targets.flatMap((target) => targetOf(read, services, target) ?? []) };
  }, sameFacts);
  // A change of one Gateway merges anew only where that Gateway holds.
  const selected = engine.family<readonly SelectedGateway[]>((key, read) => {
    const { flags } = read(settings);
    const { namespace } = JSON.parse(key) as GatewayClass;
    const candidates = flags.PILOT_SCOPE_GATEWAY_TO_NAMESPACE ? ofNamespace(namespace) : oldestFirst;
    return selectGateways(read(candidates), read(workload(key)), flags.PILOT_ENABLE_STRICT_GATEWAY_MERGING);
  }, sameSelection);
  const merged = engine.family<MergedGateway>((key, read) => mergeGateways(read(selected(key))));
  return {
    merged: ({ namespace, workloadLabels, targets }) => merged(scopeKey({ namespace, workloadLabels, targets })),
    issues: gatewayConflicts(engine, { written, objects, settings }),
  };
}

function targetOf(
  read: Read,
  services: MapCell<Service>,
  { service: key, port, targetPort }: GatewayClass['targets'][number],
): GatewayTarget | undefined {
  const service = read(services.at(key));
  if (service === undefined) return undefined;
  const { hostname, namespace, labels } = service;
  return { hostname, namespace, port, targetPort, translates: labels[noTranslationLabel] === undefined };
}

function sameFacts(a: GatewayWorkload, b: GatewayWorkload): boolean {
  return scopeKey(a) === scopeKey(b);
}

function sameSelection(a: readonly SelectedGateway[], b: readonly SelectedGateway[]): boolean {
  return (
    a.length === b.length && a.every((each, index) => each.gateway === b[index]?.gateway && sameTargets(each.targets, b[index].targets))
  );
}

function sameTargets(a: readonly GatewayTarget[], b: readonly GatewayTarget[]): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}
