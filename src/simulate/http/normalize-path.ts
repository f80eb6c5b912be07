import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import { canonicalPath } from './canonical-path.ts';

/** What became of a path before anything looked at it. */
export type NormalizedPath =
  | { readonly kind: 'goes on'; readonly path: string }
  | { readonly kind: 'refused'; readonly because: string }
  /** The client is told to come back with it. */
  | { readonly kind: 'redirected'; readonly path: string };

/**
 * Settings of the connection manager about paths, in Envoy's order: escaped slashes, dot segments and escapes, repeated slashes. A fragment
 * is dropped, as the runtime of Istio's bootstrap has it.
 */
export function normalizePath(manager: HttpConnectionManager, path: string): NormalizedPath {
  const hash = path.indexOf('#');
  const whole = hash < 0 ? path : path.slice(0, hash);
  const query = whole.indexOf('?');
  const suffix = query < 0 ? '' : whole.slice(query);
  let plain = query < 0 ? whole : whole.slice(0, query);
  let isRedirected = false;
  const action = manager.path_with_escaped_slashes_action ?? 'KEEP_UNCHANGED';
  if (action !== 'KEEP_UNCHANGED' && action !== 'IMPLEMENTATION_SPECIFIC_DEFAULT' && /%(?:2f|5c)/i.test(plain)) {
    if (action === 'REJECT_REQUEST') return { kind: 'refused', because: 'slashes of the path are escaped' };
    plain = plain.replace(/%2f/gi, '/').replace(/%5c/gi, '\\');
    isRedirected = action === 'UNESCAPE_AND_REDIRECT';
  }
  if (manager.normalize_path?.value === true) {
    const canonical = canonicalPath(plain);
    if (canonical === undefined) return { kind: 'refused', because: 'the path holds what no path may' };
    plain = canonical;
  }
  if (manager.merge_slashes === true) plain = mergeSlashes(plain);
  return { kind: isRedirected ? 'redirected' : 'goes on', path: plain + suffix };
}

/** Nothing but slashes becomes two of them, as in Envoy. */
function mergeSlashes(path: string): string {
  if (!path.includes('//')) return path;
  const parts = path.split('/').filter((part) => part !== '');
  return `/${parts.join('/')}${path.endsWith('/') ? '/' : ''}`;
}
