import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { cacheDirectory } from '../../../src/agent/install-envoy.ts';
import { withMachineLock } from './machine-lock.ts';

const run = promisify(execFile);
/** For one busy core; Kubernetes and Consul take ten minutes on two idle ones. */
export const buildWithinMs = 45 * 60_000;

/** A Go module of this tree and the program that it makes. */
export interface GoProgram {
  readonly name: string;
  /** The folder of its go.mod. */
  readonly directory: string;
  /** What is built; the module's own main package by default. */
  readonly target?: string;
  readonly flags?: readonly string[];
}

const folder = (name: string) => join(import.meta.dirname, '..', '..', name);

export const goPrograms = {
  /** etcd, kube-apiserver, kube-controller-manager and kubectl. */
  kube: { name: 'kube', directory: folder('kube') },
  consul: { name: 'consul', directory: folder('consul'), target: 'github.com/hashicorp/consul', flags: ['-trimpath'] },
  /** Helm, to read our charts with. */
  helm: { name: 'helm', directory: folder('helm'), target: 'helm.sh/helm/v3/cmd/helm' },
  /** The service `register`, and what registers it with Go-kit. */
  gokit: { name: 'gokit', directory: folder('gokit') },
  /** What Istio itself would serve. */
  istio: { name: 'istio', directory: folder('istio') },
} as const satisfies Readonly<Record<string, GoProgram>>;

/**
 * The path of the built program. It lies in the cache (`COXSWAIN_CACHE`) under a hash of everything it is made of, so it is
 * built once, by whoever needs it first; the others wait. It appears there whole or not at all.
 */
export async function buildGoProgram(program: GoProgram): Promise<string> {
  const cache = cacheDirectory(process.env);
  const key = `go-${program.name}-${await hashOf(program)}`;
  const path = join(cache, key, program.name);
  if (await exists(path)) return path;
  await mkdir(cache, { recursive: true });
  await withMachineLock(key, async () => {
    if (!(await exists(path))) await buildInto(cache, key, program);
  });
  return path;
}

async function buildInto(cache: string, key: string, program: GoProgram): Promise<void> {
  const fresh = await mkdtemp(join(cache, '.building-'));
  try {
    const args = ['build', ...flagsOf(program), '-o', join(fresh, program.name), program.target ?? '.'];
    await run('go', args, { ...inModule(program), timeout: buildWithinMs, maxBuffer: 64 << 20 });
    await rename(fresh, join(cache, key));
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function flagsOf({ flags = [] }: GoProgram): readonly string[] {
  return ['-mod=readonly', ...flags, '-ldflags=-s -w'];
}

/** Of the sources, the versions that they name, Go and the platform. */
async function hashOf(program: GoProgram): Promise<string> {
  const { stdout } = await run('go', ['env', 'GOVERSION', 'GOOS', 'GOARCH'], inModule(program));
  const hash = createHash('sha256').update(JSON.stringify([stdout, flagsOf(program), program.target ?? '.']));
  const names = (await readdir(program.directory)).filter((name) => /\.go$|^go\.(?:mod|sum)$/.test(name)).sort();
  for (const name of names) hash.update(`\0${name}\0`).update(await readFile(join(program.directory, name)));
  return hash.digest('hex').slice(0, 16);
}

/** The Go that is installed, whatever a go.mod would like to download. */
function inModule({ directory }: GoProgram): { readonly cwd: string; readonly env: NodeJS.ProcessEnv } {
  return { cwd: directory, env: { ...process.env, GOTOOLCHAIN: 'local' } };
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
