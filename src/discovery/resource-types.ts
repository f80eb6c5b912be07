import { typeUrls } from '../envoy/type-urls.ts';
import { tableOfVirtualHost } from '../model/virtual-host-resource.ts';

/** What the server has to know about a type of resource; what the resources mean is not its business. */
export interface ResourceType {
  readonly url: string;
  /** Label of metrics and logs, as Istio writes it: `cds`. */
  readonly short: string;
  /** Its changes wait for no others: endpoints that are gone must not be called until a storm of configuration is over. */
  readonly overtakes: boolean;
  /** State of the world: an empty first request asks for nothing, where other types take it for "everything" (Istio `isWildcardTypeURL`). */
  readonly byName: boolean;
  /** State of the world: one response is the whole set, so that what it lacks is deleted (xDS specification: LDS and CDS). */
  readonly complete: boolean;
  /** Never in `removed_resources`: Envoy drops these with the listener that names them (envoy#32823, Istio `neverRemoveDelta`). */
  readonly neverRemoved: boolean;
  /** A change of this type goes out after these have been sent and answered (make before break). */
  readonly after: readonly string[];
  /** A removal of this type goes out after these no longer use the resource: they have been sent and answered. */
  readonly removeAfter: readonly string[];
  /** Resources of this type with the same name are sent again after one of ours: the client waits for them (envoy#13009). */
  readonly warms?: string;
  /** The type whose resource of the same name keeps one of ours in use. */
  readonly parent?: string;
  /** The type of what a client keeps inside of ours, under names that begin with ours: sent ours, it has to be sent all of these again. */
  readonly holds?: string;
  /** The type of the holders of ours. */
  readonly heldBy?: string;
  /** Of what is held inside: the name of the holder. What has one holder is taken in, or refused, together. */
  readonly holderOf?: (name: string) => string;
}

const plain = { overtakes: false, byName: false, complete: false, neverRemoved: false, after: [], removeAfter: [] } as const;

/** The order in which one change is pushed: clusters before what points at them (Istio `PushOrder`). */
export const resourceTypes: readonly ResourceType[] = [
  {
    ...plain,
    url: typeUrls.CDS,
    short: 'cds',
    complete: true,
    removeAfter: [typeUrls.LDS, typeUrls.RDS, typeUrls.VHDS],
    warms: typeUrls.EDS,
  },
  { ...plain, url: typeUrls.EDS, short: 'eds', overtakes: true, byName: true, removeAfter: [typeUrls.CDS], parent: typeUrls.CDS },
  { ...plain, url: typeUrls.LDS, short: 'lds', complete: true, after: [typeUrls.CDS, typeUrls.EDS] },
  { ...plain, url: typeUrls.RDS, short: 'rds', byName: true, after: [typeUrls.CDS, typeUrls.EDS, typeUrls.LDS], holds: typeUrls.VHDS },
  {
    ...plain,
    url: typeUrls.VHDS,
    short: 'vhds',
    after: [typeUrls.CDS, typeUrls.EDS, typeUrls.LDS, typeUrls.RDS],
    heldBy: typeUrls.RDS,
    holderOf: tableOfVirtualHost,
  },
  { ...plain, url: typeUrls.SDS, short: 'sds', byName: true },
  { ...plain, url: typeUrls.ECDS, short: 'ecds', byName: true, neverRemoved: true },
  { ...plain, url: typeUrls.ADDRESS, short: 'wds' },
  { ...plain, url: typeUrls.WORKLOAD, short: 'wds' },
  { ...plain, url: typeUrls.AUTHORIZATION, short: 'wads' },
  { ...plain, url: typeUrls.NDS, short: 'nds' },
  { ...plain, url: typeUrls.PCDS, short: 'pcds' },
];

const positions: ReadonlyMap<string, number> = new Map(resourceTypes.map((type, position) => [type.url, position]));

/** The table's row, or for a type that a source serves beyond the table one that is pushed last and has no ties. */
export function resourceType(url: string): ResourceType {
  return resourceTypes[positions.get(url) ?? -1] ?? { ...plain, url, short: url.slice(url.lastIndexOf('.') + 1) };
}

/** Place in the push order. */
export function pushPosition(url: string): number {
  return positions.get(url) ?? resourceTypes.length;
}
