import { type ConfigObject, refOf } from '../model/config-object.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import { provenanceOf } from './find-suspects.ts';
import { longestClue } from './longest-clue.ts';
import type { Suspect } from './object-facts.ts';

export interface BlameContext {
  /** The objects in force. */
  readonly object: (ref: ObjectRef) => ConfigObject | undefined;
  /** Objects of the kinds that a resource may come of without saying so, such as Gateways. */
  readonly objects: (kind: string) => Iterable<ConfigObject>;
}

/** What was refused. */
export interface RefusedWhat {
  readonly nodeId: string;
  readonly message: string;
  /** By name, as plain messages; undefined where it is no longer there. */
  readonly resources: ReadonlyMap<string, unknown>;
}

/** An object to blame, and the refused resources that came of it. */
export interface Blamed extends Suspect {
  readonly names: readonly string[];
}

interface Candidate {
  readonly object: ConfigObject;
  readonly names: readonly string[];
}

/** Suspects beyond this number are of no help. */
const maxSuspects = 10;
/** Kinds of which an object is looked for by what Envoy quotes, where the resource does not say what it comes of. */
const quotable: readonly string[] = ['EnvoyFilter', 'Gateway', 'ServiceEntry', 'DestinationRule', 'VirtualService', 'Sidecar'];
/** Texts of that length are hardly in there by chance. */
const minQuoteLength = 8;

/**
 * Which objects led to what was refused: those that its metadata names, narrowed down to the ones whose own text Envoy quotes. Empty
 * where nothing can be told.
 */
export function blame(what: RefusedWhat, context: BlameContext): readonly Blamed[] {
  const candidates = candidatesOf(what, context);
  const clues = candidates.map((candidate) => ({ ...candidate, clue: longestClue(candidate.object.spec, what.message) }));
  const longest = Math.max(0, ...clues.map(({ clue }) => clue?.text.length ?? 0));
  const culprits = longest === 0 ? clues : clues.filter(({ clue }) => clue?.text.length === longest);
  return culprits
    .slice(0, maxSuspects)
    .map(({ object, names, clue }) => ({ ref: refOf(object), path: clue ? ['spec', ...clue.path] : [], names }));
}

function candidatesOf({ nodeId, message, resources }: RefusedWhat, context: BlameContext): readonly Candidate[] {
  const found = new Map<string, { readonly object: ConfigObject; readonly names: string[] }>();
  for (const [name, resource] of resources) {
    for (const object of [...originsOf(resource, context), ...(nodeId.startsWith('router~') ? gatewaysAt(name, context) : [])]) {
      const key = formatRef(refOf(object));
      const known = found.get(key) ?? { object, names: [] };
      found.set(key, known);
      if (known.names.at(-1) !== name) known.names.push(name);
    }
  }
  if (found.size > 0) return [...found.values()];
  return quoted(message, context).map((object) => ({ object, names: [...resources.keys()] }));
}

function originsOf(resource: unknown, context: BlameContext): readonly ConfigObject[] {
  const { objects, hosts } = provenanceOf(resource);
  const stated = objects.map(context.object).filter((object) => object !== undefined);
  return hosts.length === 0 ? stated : [...stated, ...[...context.objects('ServiceEntry')].filter((entry) => isAbout(entry, hosts))];
}

function isAbout(entry: ConfigObject, hosts: readonly string[]): boolean {
  const spec = entry.spec as { readonly hosts?: readonly string[] };
  return spec.hosts?.some((host) => hosts.includes(host)) ?? false;
}

/** Listeners of gateways are named after address and port, their routes after protocol and port. */
function gatewaysAt(name: string, { objects }: BlameContext): readonly ConfigObject[] {
  const port = Number(/^(?:[\d.:a-f]+_|https?\.)(\d+)\b/.exec(name)?.[1]);
  if (Number.isNaN(port)) return [];
  return [...objects('Gateway')].filter(({ spec }) => {
    const { servers = [] } = spec as { readonly servers?: readonly { readonly port?: { readonly number?: number } }[] };
    return servers.some((server) => server.port?.number === port);
  });
}

function quoted(message: string, { objects }: BlameContext): readonly ConfigObject[] {
  return quotable.flatMap((kind) =>
    [...objects(kind)].filter(({ spec }) => (longestClue(spec, message)?.text.length ?? 0) >= minQuoteLength),
  );
}
