import { chmod, mkdir, mkdtemp, readdir, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export type Files = ReadonlyMap<string, string | Buffer>;

/**
 * Makes `folder` hold these files as a kubelet does: they lie in a hidden folder with a new name, `..data` leads there and
 * is renamed over in one step, and the visible names lead through `..data`. Whoever reads sees all old or all new.
 */
export async function writeAtomically(folder: string, files: Files): Promise<void> {
  await mkdir(folder, { recursive: true });
  const fresh = await mkdtemp(join(folder, '..'.concat(new Date().toISOString().replaceAll(/[^\d]/g, '_'), '.')));
  await chmod(fresh, 0o755);
  for (const [path, content] of files) {
    await mkdir(dirname(join(fresh, path)), { recursive: true });
    await writeFile(join(fresh, path), content, { mode: 0o644 });
  }
  const data = join(folder, '..data');
  const before = await readlink(data).catch(() => undefined);
  await symlink(fresh.slice(folder.length + 1), `${data}_tmp`);
  await rename(`${data}_tmp`, data);
  const names = new Set([...files.keys()].map((path) => path.split('/')[0] ?? path));
  for (const name of names) {
    await symlink(join('..data', name), join(folder, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const name of await readdir(folder)) {
    // what is not there any more has a name that leads nowhere
    if (!name.startsWith('..') && !names.has(name)) await rm(join(folder, name));
  }
  if (before !== undefined) await rm(join(folder, before), { recursive: true, force: true });
}
