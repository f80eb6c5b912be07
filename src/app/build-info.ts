import { readFileSync } from 'node:fs';
import type { BuildInfo } from '../admin/build-info.ts';

/** Says what runs here, from the package's own package.json; sources and package both keep it two folders up. */
export function readBuildInfo(): BuildInfo {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { readonly version: string };
  return { version, revision: 'unknown', status: 'unknown', tag: version, runtime: `node ${process.version}` };
}
