'use strict';
// dist/main.js: runs the bundle with V8's code cache, which spares parsing it. Another Node than the one that built it
// refuses that cache; then the bundle is loaded as any file, and Node keeps a cache of its own. So it is with
// `--enable-source-maps` too, because Node looks for the map of a file alone.
const { readFileSync } = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const { Script } = require('node:vm');

const bundle = path.join(__dirname, 'app', 'coxswain.js');

function cached() {
  try {
    return readFileSync(path.join(__dirname, 'app', 'coxswain.cache'));
  } catch {
    return undefined;
  }
}

function run(cachedData) {
  // The bundle is pure ASCII.
  const script = new Script(Module.wrap(readFileSync(bundle, 'latin1')), { filename: bundle, cachedData });
  if (script.cachedDataRejected) return false;
  const module = { exports: {} };
  script.runInThisContext()(module.exports, Module.createRequire(bundle), module, bundle, path.dirname(bundle));
  return true;
}

const cachedData = process.sourceMapsEnabled ? undefined : cached();
if (cachedData === undefined || !run(cachedData)) {
  Module.enableCompileCache();
  require(bundle);
}
