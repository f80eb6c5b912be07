// Runs the bundle on a small mesh with a few proxies, and keeps what V8 has compiled by then beside it.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import Module, { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { collectorFlags } from '../src/app/collector-flags.ts';
import { configureProxy } from './configure-proxy.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundle = join(root, 'dist/app/coxswain.js');
const config = mkdtempSync(join(tmpdir(), 'coxswain-build-'));

/** Everything that the golden cases show, and the demo. */
function writeMesh() {
  const cases = join(root, 'test/golden/cases');
  for (const path of readdirSync(cases, { recursive: true, encoding: 'utf8' })) {
    if (!path.endsWith('.in.yaml')) continue;
    const text = readFileSync(join(cases, path), 'utf8');
    const objects = text.indexOf('\n---\n') + 1;
    if (objects > 0) writeFileSync(join(config, path.replaceAll(/[\\/]/g, '-')), text.slice(objects));
  }
  for (const folder of ['test/golden/worlds', 'deploy/demo']) {
    mkdirSync(join(config, basename(folder)));
    for (const name of readdirSync(join(root, folder)))
      writeFileSync(join(config, basename(folder), name), readFileSync(join(root, folder, name)));
  }
}

/** Starts the program in this process; resolves with the address of xDS. */
function start(script) {
  const addresses = ['--xds-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
  process.argv.splice(1, process.argv.length, bundle, 'serve', '--config', config, '--log-level', 'error', ...addresses);
  const { promise, resolve } = Promise.withResolvers();
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text) => {
    resolve(/^READY xds=(\S+)/.exec(text)?.[1]);
    process.stdout.write = write;
    return true;
  };
  const module = { exports: {} };
  script.runInThisContext()(module.exports, createRequire(bundle), module, bundle, dirname(bundle));
  return promise;
}

// What ran once is kept until the cache is written.
setFlagsFromString('--no-flush-bytecode');
const text = Module.wrap(readFileSync(bundle, 'latin1'));
const script = new Script(text, { filename: bundle });
try {
  writeMesh();
  const address = await start(script);
  for (const id of ['sidecar~10.1.0.9~client.shop~shop.svc.cluster.local', 'router~10.1.0.8~gateway.shop~shop.svc.cluster.local'])
    for (const variant of ['delta', 'sotw']) await configureProxy(address, id, variant);
} finally {
  rmSync(config, { recursive: true, force: true });
}
// V8 refuses a cache that was made with other flags: those that have been set meanwhile, here and by the program, are as they were.
setFlagsFromString('--flush-bytecode');
for (const flag of collectorFlags(process.versions.node)) setFlagsFromString(flag.replace('--', '--no-'));
writeFileSync(bundle.replace(/\.js$/, '.cache'), script.createCachedData());
process.kill(process.pid, 'SIGTERM');
