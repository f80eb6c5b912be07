// Whether a process of its own takes the code cache: in the one that made it, flags of V8 may be set that no other has.
import { readFileSync } from 'node:fs';
import Module from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Script } from 'node:vm';

const bundles = join(dirname(dirname(fileURLToPath(import.meta.url))), 'dist/app');
const filename = join(bundles, 'coxswain.js');
const script = new Script(Module.wrap(readFileSync(filename, 'latin1')), {
  filename,
  cachedData: readFileSync(join(bundles, 'coxswain.cache')),
});
if (script.cachedDataRejected) throw new Error('V8 refuses the code cache: it was made with other flags');
