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

/** What was refused: the resource as a plain message, undefined where it is no longer there. */
export interface RefusedWhat {
  readonly nodeId: string;
  readonly name: string;
  readonly message: string;
  readonly resource: unknown;
}

/** Suspects beyond this number are of no help. */
const maxSuspects = 10;
/** Kinds of which an object is looked for by what Envoy quotes, where the resource does not say what it comes of. */
const quotable: readonly string[] = ['EnvoyFilter', 'Gateway', 'ServiceEntry', 'DestinationRule', 'VirtualService', 'Sidecar'];
/** Texts of that length are hardly in there by chance. */
const minQuoteLength = 8;

/**
 * Which objects led to a refused resource: those that its metadata names, narrowed down to the ones whose own text Envoy quotes. Empty
 * where nothing can be told.
 */
export function blame(what: RefusedWhat, context: BlameContext): readonly Suspect[] {
  const candidates = candidatesOf(what, context);
  const clues = candidates.map((object) => ({ object, clue: longestClue(object.spec, what.message) }));
  const longest = Math.max(0, ...clues.map(({ clue }) => clue?.text.length ?? 0));
  const isGuess = candidates.length > 0 && longest === 0;
  const culprits = isGuess ? clues : clues.filter(({ clue }) => clue?.text.length === longest);
  return culprits.slice(0, maxSuspects).map(({ object, clue }) => ({ ref: refOf(object), path: clue ? ['spec', ...clue.path] : [] }));
}

function candidatesOf(what: RefusedWhat, context: BlameContext): readonly ConfigObject[] {
  const { objects, hosts } = provenanceOf(what.resource);
  const stated = objects.map(context.object).filter((object) => object !== undefined);
  const entries = hosts.length === 0 ? [] : [...context.objects('ServiceEntry')].filter((entry) => isAbout(entry, hosts));
  const gateways = what.nodeId.startsWith('router~') ? gatewaysAt(what.name, context) : [];
  const candidates = unique([...stated, ...entries, ...gateways]);
  return candidates.length > 0 ? candidates : quoted(what.message, context);
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

function unique(objects: readonly ConfigObject[]): readonly ConfigObject[] {
  return [...new Map(objects.map((object) => [formatRef(refOf(object)), object])).values()];
}
