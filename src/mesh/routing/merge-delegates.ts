import type { Issue } from '../../model/issue.ts';
import { isVisibleTo } from '../visibility.ts';
import { mergeHttpMatches } from './merge-http-matches.ts';
import type { HttpRule, ResolvedVirtualService } from './resolved-virtual-service.ts';

export interface MergedVirtualService {
  /** The root with the rules of its delegates in their places. */
  readonly virtualService: ResolvedVirtualService;
  readonly issues: readonly Issue[];
}

type FindDelegate = (namespace: string, name: string) => ResolvedVirtualService | undefined;

/**
 * Replaces each rule of a root that delegates by the rules of its delegate. One level deep: a delegate has no hosts, its
 * own `delegate` fields mean nothing. Rules that have no place are left out with an issue; the others stay in force
 * (Istio `mergeVirtualServices`). Objects made from Ingress or Gateway API never delegate.
 */
export function mergeDelegates(root: ResolvedVirtualService, findDelegate: FindDelegate): MergedVirtualService {
  const delegates = root.semantics === 'virtual-service' && root.http.some((rule) => rule.delegate !== undefined);
  if (!delegates) return { virtualService: root, issues: [] };
  const issues: Issue[] = [];
  const http: HttpRule[] = [];
  for (const rule of root.http) {
    if (rule.delegate === undefined) http.push(rule);
    else http.push(...delegatedRules(root, rule, findDelegate, issues));
  }
  return { virtualService: { ...root, http }, issues };
}

function delegatedRules(root: ResolvedVirtualService, rule: HttpRule, findDelegate: FindDelegate, issues: Issue[]): readonly HttpRule[] {
  const namespace = rule.delegate?.namespace || root.namespace;
  const name = rule.delegate?.name ?? '';
  const found = findDelegate(namespace, name);
  const delegate = found !== undefined && found.hosts.length === 0 ? found : undefined;
  const report = (code: string, severity: Issue['severity'], message: string, path: readonly (string | number)[] = ['delegate']) =>
    issues.push({ code, severity, message, object: root.source, path: ['spec', 'http', rule.origin.index, ...path] });
  if (delegate === undefined) {
    const why = found === undefined ? 'does not exist' : 'has hosts of its own, so it cannot be a delegate';
    report('IST0101', 'error', `delegate VirtualService ${namespace}/${name} ${why}`);
    return [];
  }
  if (!isVisibleTo(delegate.exportTo, delegate.namespace, root.namespace)) {
    report('IST0101', 'error', `delegate VirtualService ${namespace}/${name} is not exported to namespace ${root.namespace}`);
    return [];
  }
  const merged: HttpRule[] = [];
  for (const inner of delegate.http) {
    const combined = mergeHttpRule(rule, inner);
    if (combined !== undefined) merged.push(combined);
    else
      report(
        'IST0106',
        'warning',
        `spec.http[${inner.origin.index}] of delegate ${namespace}/${name} matches more than the root's rule: ignored`,
      );
  }
  return merged;
}

/** What the delegate leaves open comes from the root. */
const inherited = [
  'rewrite',
  'directResponse',
  'timeout',
  'retries',
  'fault',
  'mirror',
  'mirrorPercent',
  'mirrorPercentage',
  'corsPolicy',
  'mirrors',
  'headers',
] as const satisfies readonly (keyof HttpRule)[];

function mergeHttpRule(root: HttpRule, delegate: HttpRule): HttpRule | undefined {
  const merged = mergeHttpMatches(root.match ?? [], delegate.match ?? []);
  if (merged === undefined) return undefined;
  const name = [root.name, delegate.name].filter((part) => part !== undefined && part !== '').join('-');
  const defaults = Object.fromEntries(inherited.flatMap((key) => (root[key] === undefined ? [] : [[key, root[key]]])));
  const { delegate: _, ...own } = delegate;
  return {
    ...(defaults as Partial<HttpRule>),
    ...own,
    match: merged.map(({ match }) => match),
    ...(name !== '' && { name }),
    origin: {
      ...delegate.origin,
      matches: merged.map(({ ofDelegate }) => ofDelegate),
      delegatedBy: { ...root.origin, matches: merged.map(({ ofRoot }) => ofRoot) },
    },
  };
}
