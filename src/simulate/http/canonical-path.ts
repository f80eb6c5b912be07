/**
 * A path as Envoy's `normalize_path` leaves it (RFC 3986, the way of Chromium's URL library): dot segments resolved, backslashes turned,
 * characters escaped that must be and unescaped that need not be. Undefined: Envoy refuses it. The path has no query.
 */
export function canonicalPath(path: string): string | undefined {
  let out = '';
  let isRefused = false;
  for (let at = 0; at < path.length; ) {
    const dot = dotAt(path, at);
    if (dot > 0) {
      const after = out.endsWith('/') ? directoryAfter(path, at + dot) : undefined;
      if (after?.isUp === true) out = parentOf(out);
      if (after === undefined) out += '.';
      at += dot + (after?.length ?? 0);
      continue;
    }
    const char = path.charAt(at);
    const escaped = char === '%' ? /^[0-9A-Fa-f]{2}/.exec(path.slice(at + 1, at + 3))?.[0] : undefined;
    if (escaped !== undefined) {
      const value = String.fromCharCode(Number.parseInt(escaped, 16));
      out += unreserved.test(value) ? value : `%${escaped}`;
      isRefused ||= value === '\0';
      at += 3;
      continue;
    }
    out += char === '\\' ? '/' : plain.test(char) ? char : escapeChar(char);
    at += 1;
  }
  return isRefused ? undefined : out;
}

const unreserved = /[A-Za-z0-9\-_~]/;
/** What a path may have as it is; everything else is escaped. */
const plain = /[A-Za-z0-9!$%&'()*+,\-./:;=@[\]_~]/;

/** How long a dot is that stands here, itself or escaped; 0: there is none. */
function dotAt(path: string, at: number): number {
  if (path.charAt(at) === '.') return 1;
  return /^%2e/i.test(path.slice(at, at + 3)) ? 3 : 0;
}

/** What a segment that begins with a dot means: itself, the one above; undefined: it is a name. */
function directoryAfter(path: string, at: number): { readonly isUp: boolean; readonly length: number } | undefined {
  const isEnd = (index: number) => index >= path.length;
  const isSlash = (index: number) => path.charAt(index) === '/' || path.charAt(index) === '\\';
  if (isEnd(at)) return { isUp: false, length: 0 };
  if (isSlash(at)) return { isUp: false, length: 1 };
  const second = dotAt(path, at);
  if (second === 0) return undefined;
  if (isEnd(at + second)) return { isUp: true, length: second };
  return isSlash(at + second) ? { isUp: true, length: second + 1 } : undefined;
}

function parentOf(path: string): string {
  const slash = path.slice(0, -1).lastIndexOf('/');
  return slash < 0 ? path.slice(0, 1) : path.slice(0, slash + 1);
}

function escapeChar(char: string): string {
  return [...new TextEncoder().encode(char)].map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, '0')}`).join('');
}
