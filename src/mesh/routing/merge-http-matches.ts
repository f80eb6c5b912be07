import type { StringMatch } from '../../schema/parts/string-match.ts';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';

/** A condition with the positions of those that it was made from, in the `match` lists of both rules. */
export interface MergedMatch {
  readonly match: HttpMatch;
  readonly ofRoot?: number;
  readonly ofDelegate?: number;
}

/**
 * The conditions of a delegate's rule inside a root's rule: each must be narrower than one of the root's, and becomes the
 * sum of both. Undefined where one has no place: the rule is then ignored (Istio `mergeHTTPMatchRequests`).
 */
export function mergeHttpMatches(root: readonly HttpMatch[], delegate: readonly HttpMatch[]): readonly MergedMatch[] | undefined {
  if (root.length === 0) return delegate.map((match, ofDelegate) => ({ match, ofDelegate }));
  if (delegate.length === 0) return root.map((match, ofRoot) => ({ match, ofRoot }));
  const merged: MergedMatch[] = [];
  for (const [ofDelegate, inner] of delegate.entries()) {
    const before = merged.length;
    for (const [ofRoot, outer] of root.entries()) {
      if (!contradicts(outer, inner)) merged.push({ match: mergeHttpMatch(outer, inner), ofRoot, ofDelegate });
    }
    if (merged.length === before) return undefined;
  }
  return merged;
}

function mergeHttpMatch(root: HttpMatch, delegate: HttpMatch): HttpMatch {
  const name = [root.name, delegate.name].filter((part) => part !== undefined && part !== '').join('-');
  const gateways = nonEmpty(delegate.gateways) ?? root.gateways;
  const statPrefix = delegate.statPrefix === undefined || delegate.statPrefix === '' ? root.statPrefix : delegate.statPrefix;
  const port = delegate.port === undefined || delegate.port === 0 ? root.port : delegate.port;
  const sourceNamespace =
    delegate.sourceNamespace === undefined || delegate.sourceNamespace === '' ? root.sourceNamespace : delegate.sourceNamespace;
  return {
    ...root,
    ...delegate,
    ...(name !== '' && { name }),
    headers: { ...root.headers, ...delegate.headers },
    withoutHeaders: { ...root.withoutHeaders, ...delegate.withoutHeaders },
    queryParams: { ...root.queryParams, ...delegate.queryParams },
    sourceLabels: { ...root.sourceLabels, ...delegate.sourceLabels },
    ...(port !== undefined && { port }),
    ...(sourceNamespace !== undefined && { sourceNamespace }),
    ...(gateways !== undefined && { gateways }),
    ...(statPrefix !== undefined && { statPrefix }),
  };
}

function nonEmpty<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list !== undefined && list.length > 0 ? list : undefined;
}

/** Whether no request can satisfy both, or the inner one is not a part of the outer one (Istio `hasConflict`). */
function contradicts(outer: HttpMatch, inner: HttpMatch): boolean {
  return (
    textsContradict(outer.uri, inner.uri) ||
    textsContradict(outer.scheme, inner.scheme) ||
    textsContradict(outer.method, inner.method) ||
    textsContradict(outer.authority, inner.authority) ||
    mapsContradict(outer.headers, inner.headers) ||
    mapsContradict(outer.withoutHeaders, inner.withoutHeaders) ||
    mapsContradict(outer.queryParams, inner.queryParams) ||
    (outer.ignoreUriCase ?? false) !== (inner.ignoreUriCase ?? false) ||
    portsContradict(outer.port ?? 0, inner.port ?? 0) ||
    ((outer.sourceNamespace ?? '') !== '' && outer.sourceNamespace !== inner.sourceNamespace) ||
    labelsContradict(outer.sourceLabels ?? {}, inner.sourceLabels ?? {}) ||
    gatewaysContradict(outer.gateways ?? [], inner.gateways ?? [])
  );
}

function portsContradict(outer: number, inner: number): boolean {
  return outer > 0 && inner > 0 && outer !== inner;
}

type TextMap = Readonly<Record<string, StringMatch>>;

function mapsContradict(outer: TextMap | undefined, inner: TextMap | undefined): boolean {
  return Object.entries(inner ?? {}).some(([key, match]) => textsContradict(outer?.[key], match));
}

function labelsContradict(outer: Readonly<Record<string, string>>, inner: Readonly<Record<string, string>>): boolean {
  return Object.entries(inner).some(([key, value]) => outer[key] !== undefined && outer[key] !== value);
}

function gatewaysContradict(outer: readonly string[], inner: readonly string[]): boolean {
  if (outer.length === 0 || inner.length === 0) return false;
  return outer.length < inner.length || inner.some((gateway) => !outer.includes(gateway));
}

/** Regular expressions cannot be compared, so a regex on one side allows nothing on the other (Istio `stringMatchConflict`). */
function textsContradict(outer: StringMatch | undefined, inner: StringMatch | undefined): boolean {
  if (outer === undefined || inner === undefined) return false;
  if (isSet(outer.regex) || isSet(inner.regex)) return true;
  if (isSet(outer.exact)) return isSet(inner.prefix) || inner.exact !== outer.exact;
  if (isSet(outer.prefix)) {
    const text = isSet(inner.prefix) ? inner.prefix : inner.exact;
    return !isSet(text) || !text.startsWith(outer.prefix);
  }
  return true;
}

function isSet(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}
