import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { Logger } from '../lib/log.ts';
import { type EnvoyVersion, formatVersion, isOlder, minimumVersion, readEnvoyVersion } from './envoy-version.ts';
import { cacheDirectory, cachedEnvoyPath, installEnvoy } from './install-envoy.ts';

export interface EnvoyBinary {
  readonly path: string;
  readonly version: EnvoyVersion;
}

export interface FindEnvoyOptions {
  /** What the user named; then nothing else is tried. */
  readonly path?: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Logger;
  /** Installs into the cache folder and returns the program's path. */
  readonly install?: (cache: string) => Promise<string>;
}

/** No Envoy can be run here; the message says what to do. */
export class EnvoyUnavailableError extends Error {
  override readonly name = 'EnvoyUnavailableError';
}

/**
 * The Envoy to run: the one that was named, else the first on PATH that is new enough, else the one in the cache, else one
 * installed into it. Rejects with EnvoyUnavailableError.
 */
export async function findEnvoy(options: FindEnvoyOptions): Promise<EnvoyBinary> {
  if (options.path !== undefined) return named(options.path);
  for (const path of await programsOnPath('envoy', options.env['PATH'] ?? '')) {
    const checked = await check(path);
    if ('version' in checked) return checked;
    options.log.warn({ path }, `${checked.problem}; looking further`);
  }
  const cache = cacheDirectory(options.env);
  const cached = cachedEnvoyPath(cache);
  if (await isExecutable(cached)) return named(cached);
  options.log.info({ cache }, 'no Envoy 1.40 or newer found: installing one');
  return named(await (options.install ?? ((folder) => installEnvoy(folder)))(cache).catch(unavailable));
}

async function named(path: string): Promise<EnvoyBinary> {
  const checked = await check(path);
  if ('problem' in checked) throw new EnvoyUnavailableError(checked.problem);
  return checked;
}

async function check(path: string): Promise<EnvoyBinary | { readonly problem: string }> {
  const version = await readEnvoyVersion(path);
  if ('problem' in version) return version;
  if (!isOlder(version, minimumVersion)) return { path, version };
  const wanted = formatVersion(minimumVersion);
  return { problem: `${path} is Envoy ${formatVersion(version)}, older than ${wanted}: leave out --envoy to have ${wanted} installed` };
}

async function programsOnPath(name: string, path: string): Promise<string[]> {
  const found: string[] = [];
  for (const folder of path.split(delimiter)) {
    if (folder !== '' && (await isExecutable(join(folder, name)))) found.push(join(folder, name));
  }
  return found;
}

function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

function unavailable(error: unknown): never {
  throw new EnvoyUnavailableError(error instanceof Error ? error.message : String(error), { cause: error });
}
