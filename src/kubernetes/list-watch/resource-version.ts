const decimal = /^[1-9]\d*$/;

/**
 * Whether one resourceVersion is older than another. They are opaque by contract, but decimal numbers in every API server
 * since Kubernetes 1.35 says so; whatever else there may be is never called older.
 */
export function isOlder(version: string, than: string): boolean {
  if (!decimal.test(version) || !decimal.test(than)) return false;
  return version.length === than.length ? version < than : version.length < than.length;
}
