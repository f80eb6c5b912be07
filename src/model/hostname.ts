/** Rules for DNS names and wildcards, after Istio's `pkg/config/host`. Names compare in lower case. */

export function isWildcard(host: string): boolean {
  return host.startsWith('*');
}

/** Whether the two names have a host in common: `*.com` matches `foo.com` and `*.foo.com`, in both directions. */
export function hostsMatch(a: string, b: string): boolean {
  const aWild = isWildcard(a);
  const bWild = isWildcard(b);
  if (aWild && bWild) {
    const x = a.slice(1);
    const y = b.slice(1);
    return x.length < y.length ? y.endsWith(x) : x.endsWith(y);
  }
  if (aWild) return b.endsWith(a.slice(1));
  if (bWild) return a.endsWith(b.slice(1));
  return a === b;
}

/** Whether every host that `inner` stands for is also one of `outer`. */
export function isSubsetOf(inner: string, outer: string): boolean {
  if (isWildcard(inner) && !isWildcard(outer)) return false;
  if (isWildcard(outer)) return (isWildcard(inner) ? inner.slice(1) : inner).endsWith(outer.slice(1));
  return inner === outer;
}

/** Most specific first: exact names before wildcards, longer before shorter, then by text (Istio `MoreSpecific`). */
export function bySpecificity(a: string, b: string): number {
  const aWild = isWildcard(a);
  const bWild = isWildcard(b);
  if (aWild !== bWild) return aWild ? 1 : -1;
  if (a.length !== b.length) return b.length - a.length;
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * Full name of a host that configuration may have shortened: a name without a dot belongs to the namespace of the object
 * that says it (Istio `ResolveShortnameToFQDN`); wildcards, IP addresses and dotted names stay as they are.
 */
export function resolveShortName(host: string, namespace: string, domainSuffix: string): string {
  if (host.includes('.') || isWildcard(host) || host.includes(':')) return host;
  return namespace === '' ? `${host}.svc.${domainSuffix}` : `${host}.${namespace}.svc.${domainSuffix}`;
}
