/** Who sees an object: `*` everybody, `.` its own namespace, `~` nobody, otherwise the named namespaces (Istio `exportTo`). */

/** `*` beats everything else in the list. */
export function isPublic(exportTo: readonly string[]): boolean {
  return exportTo.includes('*');
}

export function isVisibleTo(exportTo: readonly string[], ownNamespace: string, clientNamespace: string): boolean {
  if (isPublic(exportTo)) return true;
  if (exportTo.includes('~')) return false;
  return exportTo.includes(clientNamespace) || (exportTo.includes('.') && ownNamespace === clientNamespace);
}

/** The namespaces that see an object which is not public, `.` resolved. */
export function namespacesSeeing(exportTo: readonly string[], ownNamespace: string): readonly string[] {
  if (isPublic(exportTo) || exportTo.includes('~')) return [];
  return exportTo.map((name) => (name === '.' ? ownNamespace : name));
}
