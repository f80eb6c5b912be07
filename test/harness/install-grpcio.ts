import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const version = '1.85.1';
const run = promisify(execFile);

/** Whether this machine has Python with pip. */
export async function hasPython(python = 'python3'): Promise<boolean> {
  return run(python, ['-m', 'pip', '--version'], { timeout: 30_000 }).then(
    () => true,
    () => false,
  );
}

/**
 * Installs gRPC for Python into the cache, once for each version of Python, and returns the folder for PYTHONPATH. Made
 * under another name and renamed at the end, so that nobody ever sees half of it.
 */
export async function installGrpcio(cache: string, python = 'python3'): Promise<string> {
  const { stdout } = await run(python, ['-c', 'import sys; print(sys.implementation.cache_tag)']);
  const target = join(cache, `grpcio-${version}-${stdout.trim()}`);
  if (await exists(target)) return target;
  await mkdir(cache, { recursive: true });
  const fresh = await mkdtemp(join(cache, '.installing-'));
  try {
    const options = ['--only-binary', ':all:', '--no-compile', '--quiet', '--disable-pip-version-check'];
    await run(python, ['-m', 'pip', 'install', '--target', fresh, ...options, `grpcio==${version}`], { timeout: 300_000 });
    await rename(fresh, target).catch(async (error: unknown) => {
      if (!(await exists(target))) throw error;
    });
    return target;
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
