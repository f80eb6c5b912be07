import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import { portStart } from '../http/normalize-host.ts';

/** The domain that a host was found by. */
export interface FoundHost {
  /** Position in the table. */
  readonly index: number;
  readonly domain: string;
}

/** The virtual hosts of a table by their domains. */
export interface VirtualHostIndex {
  /** Exact, then the longest `*x`, then the longest `x*`, then `*`. */
  find(host: string): FoundHost | undefined;
  /** Everything that would take the host, what goes before first. */
  all(host: string): readonly FoundHost[];
}

interface Wildcards {
  /** By what stands beside the star, grouped by length, the longest first. */
  readonly lengths: readonly number[];
  readonly found: ReadonlyMap<string, FoundHost>;
}

export function virtualHostIndex(table: RouteConfiguration): VirtualHostIndex {
  const exact = new Map<string, FoundHost>();
  const suffixes = new Map<string, FoundHost>();
  const prefixes = new Map<string, FoundHost>();
  let any: FoundHost | undefined;
  for (const [index, { domains = [] }] of (table.virtual_hosts ?? []).entries()) {
    for (const domain of domains) {
      const name = domain.toLowerCase();
      const found = { index, domain };
      if (name === '*') any ??= found;
      else if (name.startsWith('*')) setOnce(suffixes, name.slice(1), found);
      else if (name.endsWith('*')) setOnce(prefixes, name.slice(0, -1), found);
      else setOnce(exact, name, found);
    }
  }
  const bySuffix = wildcards(suffixes);
  const byPrefix = wildcards(prefixes);
  function* walk(text: string): Generator<FoundHost> {
    const host = (table.ignore_port_in_host_matching === true ? withoutPort(text) : text).toLowerCase();
    const own = exact.get(host);
    if (own !== undefined) yield own;
    yield* matching(bySuffix, host, (length) => host.slice(-length));
    yield* matching(byPrefix, host, (length) => host.slice(0, length));
    if (any !== undefined) yield any;
  }
  return {
    find: (host) => walk(host).next().value as FoundHost | undefined,
    all: (host) => [...walk(host)],
  };
}

function setOnce(map: Map<string, FoundHost>, key: string, found: FoundHost): void {
  if (!map.has(key)) map.set(key, found);
}

function wildcards(found: ReadonlyMap<string, FoundHost>): Wildcards {
  return { found, lengths: [...new Set([...found.keys()].map(({ length }) => length))].sort((a, b) => b - a) };
}

/** The star stands for one character at least. */
function* matching({ lengths, found }: Wildcards, host: string, part: (length: number) => string): Generator<FoundHost> {
  for (const length of lengths) {
    const match = length < host.length ? found.get(part(length)) : undefined;
    if (match !== undefined) yield match;
  }
}

function withoutPort(host: string): string {
  const start = portStart(host);
  return start < 0 ? host : host.slice(0, start);
}
