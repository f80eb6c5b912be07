/** Whether two JSON values have the same content; the order of keys does not count, nor does a key that is undefined. */
export function sameContent(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) return Array.isArray(a) && Array.isArray(b) && sameList(a, b);
  if (a instanceof Uint8Array || b instanceof Uint8Array) return a instanceof Uint8Array && b instanceof Uint8Array && sameList(a, b);
  return sameFields(a, b);
}

function sameList(a: ArrayLike<unknown>, b: ArrayLike<unknown>): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (!sameContent(a[i], b[i])) return false;
  return true;
}

function sameFields(a: object, b: object): boolean {
  const left = Object.entries(a);
  let keys = 0;
  for (const [key, value] of left) {
    if (value === undefined) continue;
    keys++;
    if (!Object.hasOwn(b, key) || !sameContent(value, (b as Record<string, unknown>)[key])) return false;
  }
  for (const value of Object.values(b)) if (value !== undefined) keys--;
  return keys === 0;
}
