// `npm run conformance [-- --data DIR]`: every suite of Istio's that is answered here, on the given folder or on the one beside the
// project. Fails where a case fails, or where there is no case at all.
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { dataFolder } from './data-folder.ts';
import type { Suite } from './suite.ts';
import { suites } from './suites.ts';
import { startDefinitions } from './validation/start-definitions.ts';

const { values } = parseArgs({ options: { data: { type: 'string' } } });
const data = values.data === undefined ? dataFolder : resolve(values.data);

/** Runs one suite and says how it went; the number of cases that failed, and of those that were asked. */
async function run({ name, casesIn }: Suite): Promise<{ readonly failed: number; readonly asked: number }> {
  const failures: string[] = [];
  const reasons = new Map<string, string[]>();
  let passed = 0;
  for (const one of casesIn(data)) {
    if (one.notApplicable !== undefined) {
      reasons.set(one.notApplicable, [...(reasons.get(one.notApplicable) ?? []), one.name]);
      continue;
    }
    const found = await one.disagreements().catch((error: unknown) => [String(error)]);
    if (found.length === 0) passed++;
    else failures.push(`${name}: ${one.name}\n${found.map((text) => `    ${text}\n`).join('')}`);
  }
  for (const failure of failures) process.stdout.write(failure);
  const others = [...reasons].map(([reason, names]) => `, ${names.length} not applicable (${reason})`).join('');
  process.stdout.write(`${name}: ${passed} passed, ${failures.length} failed${others}\n`);
  for (const [reason, names] of reasons) for (const each of names) process.stdout.write(`    not applicable: ${each} (${reason})\n`);
  return { failed: failures.length, asked: passed + failures.length };
}

const definitions = await startDefinitions();
let failed = 0;
let asked = 0;
for (const suite of [...suites, definitions.suite]) {
  const result = await run(suite);
  failed += result.failed;
  asked += result.asked;
}
await definitions.stop();
if (asked === 0) process.stdout.write(`there are no cases in ${data}\n`);
process.exitCode = failed > 0 || asked === 0 ? 1 : 0;
