// `npm run build`: dist/, the program as one file of plain JavaScript with V8's code cache, for the published package and for a
// faster start.
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';
import { thirdPartyNotices } from './third-party-notices.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const dist = join(root, 'dist');
/** As deep as src/app, so that what is found relative to a module is found relative to the bundle. */
const bundles = join(dist, 'app');

function run(...args) {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

/** Bundles of their own, so that a start does not pay for them: the modules that load them late, by the name of the bundle. */
const late = { 'client-node-access': 'src/kubernetes/client-node-access.ts' };

/** What is imported late out of another bundle stays an import of that file. */
const lateBundles = {
  name: 'late-bundles',
  resolveId(id, importer) {
    const name = Object.keys(late).find((each) => importer !== undefined && id === `./${each}.ts`);
    return name === undefined ? null : { id: `./${name}.js`, external: true };
  },
};

/** Of this package a few modules of hundreds are used, and importing the others does nothing. */
const moduleSideEffects = [{ test: /@kubernetes\/client-node\//, sideEffects: false }];

/** One file, as CommonJS: `import` of Node's own modules reads every export of them, which loads whatever they load lazily. */
async function bundle(name, entry) {
  const build = await rolldown({
    input: { [name]: entry },
    cwd: root,
    platform: 'node',
    plugins: [lateBundles],
    treeshake: { moduleSideEffects },
  });
  const { output } = await build.write({
    dir: bundles,
    format: 'cjs',
    entryFileNames: '[name].js',
    codeSplitting: false,
    sourcemap: true,
    postBanner: "'use strict';",
  });
  await build.close();
  const path = join(bundles, `${name}.js`);
  writeFileSync(path, asciiOf(readFileSync(path, 'utf8')));
  return output.flatMap((chunk) => (chunk.type === 'chunk' ? chunk.moduleIds : []));
}

/** Text that V8 can read as it lies in the file. Letters beyond ASCII stand in strings, regular expressions and comments alone. */
function asciiOf(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

if (!existsSync(join(root, 'src/envoy/generated'))) run('scripts/generate-types.mjs');
rmSync(dist, { recursive: true, force: true });
/** Threads read files of their own. */
const threads = { 'yaml-worker': 'src/config/yaml/yaml-worker.ts', 'validation-worker': 'src/webhook/validation-worker.ts' };
const entries = { coxswain: 'src/main.ts', ...threads, ...late };
const modules = [];
for (const [name, entry] of Object.entries(entries)) modules.push(...(await bundle(name, entry)));
writeFileSync(join(dist, 'third-party-notices.txt'), thirdPartyNotices(modules));
writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ type: 'commonjs' })}\n`);
copyFileSync(join(root, 'scripts/start-built.cjs'), join(dist, 'main.js'));
run('scripts/make-code-cache.mjs');
run('scripts/check-code-cache.mjs');
