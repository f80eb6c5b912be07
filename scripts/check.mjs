// `npm run check`: format, lint, types, layer rules, unused code. Runs every step (or those named) and fails if any failed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const bin = (name) => `node_modules/.bin/${name}`;
const steps = [
  { name: 'format and lint', run: [bin('biome'), 'check', '--error-on-warnings', '.'] },
  { name: 'types', run: [process.execPath, 'node_modules/typescript-7/bin/tsc', '-p', 'tsconfig.json'] },
  { name: 'type-aware lint', run: [bin('oxlint'), '--type-aware', 'src', 'test', 'scripts'] },
  { name: 'layer rules', run: [bin('depcruise'), 'src', '--config', '.dependency-cruiser.mjs'] },
  { name: 'unused code', run: [bin('knip')] },
];

if (!existsSync('src/envoy/generated')) spawnSync(process.execPath, ['scripts/generate-types.mjs'], { stdio: 'inherit' });
const named = process.argv.slice(2);
const failed = [];
for (const step of steps.filter(({ name }) => named.length === 0 || named.includes(name))) {
  const started = performance.now();
  const result = spawnSync(step.run[0], step.run.slice(1), { encoding: 'utf8', maxBuffer: 64 << 20 });
  const took = `${((performance.now() - started) / 1000).toFixed(1)} s`;
  // A layer check that looked at nothing would pass vacuously.
  const looked = step.name !== 'layer rules' || /\((?!0 )\d+ modules/.test(result.stdout);
  if (result.status === 0 && looked) {
    process.stdout.write(`ok      ${step.name} (${took})\n`);
    continue;
  }
  failed.push(step.name);
  process.stdout.write(`FAILED  ${step.name} (${took})\n${result.stdout}${result.stderr}${looked ? '' : 'no module was looked at\n'}`);
}
if (failed.length > 0) {
  process.stdout.write(`check failed: ${failed.join(', ')}\n`);
  process.exit(1);
}
process.stdout.write('check passed\n');
