// `npm run deploy:generate`: writes what is generated of deploy/, and removes what is generated no longer.
import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { deployFiles, generatedFolders } from '../src/install/deploy-files.ts';

const deploy = join(dirname(dirname(fileURLToPath(import.meta.url))), 'deploy');
const files = deployFiles();
for (const folder of generatedFolders) {
  mkdirSync(join(deploy, folder), { recursive: true });
  for (const entry of readdirSync(join(deploy, folder), { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && !files.has(relative(deploy, path))) rmSync(path);
  }
}
for (const [path, text] of files) {
  mkdirSync(dirname(join(deploy, path)), { recursive: true });
  writeFileSync(join(deploy, path), text);
}
process.stdout.write(`${files.size} files in deploy/\n`);
