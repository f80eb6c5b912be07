/** Kept short so that nobody can make us compile a monster (Istio `maxProxyVersionLen`). */
const maxLength = 1024;

/** Finds a `proxyVersion` expression in a version; one that is too long, or no expression, matches nothing (Istio fails closed). */
export function versionMatcher(expression: string): (version: string) => boolean {
  if (expression.length > maxLength) return () => false;
  try {
    const regex = new RegExp(expression);
    return (version) => regex.test(version.slice(0, maxVersionLength));
  } catch {
    return () => false;
  }
}

/** Longer ones are no versions. */
const maxVersionLength = 64;
