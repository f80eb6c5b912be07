import { compareText } from '../../../src/model/config-object.ts';

/** One place at which two resources are not alike; undefined where there is nothing. */
export interface Difference {
  /** `routes 80.virtual_hosts[0].domains{reviews}`: lists whose elements have names are compared by these. */
  readonly path: string;
  readonly ours: unknown;
  readonly istio: unknown;
  /** One side does not have the resource at all. */
  readonly isWhole?: true;
}

type Json = Readonly<Record<string, unknown>>;

/** Lists whose order means nothing; Istio's follows that of a Go map. Of filter chains Envoy takes that which matches best. */
const unordered: ReadonlySet<string> = new Set(['lb_endpoints', 'query_parameters', 'match_subject_alt_names', 'filter_chains']);

function inOrder(key: string, value: unknown): unknown {
  if (key === 'routes' && Array.isArray(value)) return withoutRepetitions(value);
  if (!unordered.has(key) || !Array.isArray(value)) return value;
  return [...value].sort((a, b) => compareText(sortKey(a), sortKey(b)));
}

/** Of equal routes only the first is ever taken. Istio patches hosts that two tables have twice, and has those of one gateway named twice. */
function withoutRepetitions(routes: readonly unknown[]): readonly unknown[] {
  return [...new Map(routes.map((route) => [JSON.stringify(route), route])).values()];
}

/** The address of an endpoint, what a filter chain is for, else everything. */
function sortKey(value: unknown): string {
  if (!isObject(value)) return JSON.stringify(value);
  if ('filters' in value) return JSON.stringify([value['filter_chain_match'], value['name']]);
  return JSON.stringify(value['endpoint'] ?? value);
}

/** All places at which two values differ, outside in. */
export function differences(ours: unknown, istio: unknown, path: string): readonly Difference[] {
  if (isObject(ours) && isObject(istio)) {
    const keys = new Set([...Object.keys(ours), ...Object.keys(istio)]);
    return [...keys].flatMap((key) => differences(inOrder(key, ours[key]), inOrder(key, istio[key]), `${path}.${key}`));
  }
  if (Array.isArray(ours) && Array.isArray(istio)) return listDifferences(ours, istio, path);
  return ours === istio ? [] : [{ path, ours, istio }];
}

function listDifferences(ours: readonly unknown[], istio: readonly unknown[], path: string): readonly Difference[] {
  if (ours.length === istio.length) return ours.flatMap((one, index) => differences(one, istio[index], `${path}[${index}]`));
  const mine = byName(ours);
  const theirs = byName(istio);
  if (mine === undefined || theirs === undefined) return [{ path, ours, istio }];
  return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((name) =>
    differences(mine.get(name), theirs.get(name), `${path}{${name}}`),
  );
}

/** Undefined where two elements have one name. */
function byName(list: readonly unknown[]): ReadonlyMap<string, unknown> | undefined {
  const named = new Map(list.map((one) => [nameOf(one), one]));
  return named.size === list.length ? named : undefined;
}

function nameOf(one: unknown): string {
  if (!isObject(one)) return String(one);
  const name = one['name'] ?? one['cluster_name'];
  return typeof name === 'string' ? name : JSON.stringify(one);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
