import { linearRegex } from '../../lib/linear-regex.ts';

/** Longer ones match nothing (Istio `maxProxyVersionLen`, which fails closed). */
const maxLength = 1024;
/** Longer ones are no versions. */
const maxVersionLength = 256;

/** Finds a `proxyVersion` expression in a version that a proxy states; what is no expression matches nothing. */
export function versionMatcher(expression: string): (version: string) => boolean {
  const regex = expression.length > maxLength ? undefined : linearRegex(expression);
  return (version) => regex?.(version.slice(0, maxVersionLength)) ?? false;
}
