import type { MeshSettings } from '../../mesh/settings.ts';

/**
 * What the HTTP inspector calls plain HTTP that may be handled as such. HTTP/1.0 is handled where the mesh allows it, and
 * otherwise passed on as a byte stream, which is better than to refuse it.
 */
export function plainHttpVersions({ flags }: MeshSettings): string[] {
  return flags.PILOT_HTTP10 ? ['http/1.0', 'http/1.1', 'h2c'] : ['http/1.1', 'h2c'];
}
