// `npm run build`: dist/, the program as plain JavaScript, for the published package and for a faster start.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Modules that held nothing but types are imported by nobody any more; folders that held nothing else go with them. */
function prune(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) prune(path);
    else if (/^(?:\s|\/\/[^\n]*|export \{\};)*$/.test(readFileSync(path, 'utf8'))) rmSync(path);
  }
  if (readdirSync(folder).length === 0) rmSync(folder, { recursive: true });
}

if (!existsSync(join(root, 'src/envoy/generated'))) run('scripts/generate-types.mjs');
rmSync(dist, { recursive: true, force: true });
run('node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.build.json', '--declaration', 'false', '--sourceMap', 'false');
prune(dist);
