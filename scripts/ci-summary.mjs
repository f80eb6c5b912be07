// The closing line of CI: adds up what the test runs report. Usage: ci-summary.mjs FAILED_STEPS RESULT.json...
import { readFileSync } from 'node:fs';

const [failedSteps, ...files] = process.argv.slice(2);
let passed = 0;
let failed = 0;
let skipped = 0;
for (const file of files) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    passed += result.numPassedTests;
    failed += result.numFailedTests;
    skipped += result.numPendingTests + result.numTodoTests;
    if (result.numTotalTests === 0) failed += 1;
  } catch (error) {
    process.stdout.write(`no result in ${file}: ${error.message}\n`);
    failed += 1;
  }
}
// A step that failed without a failed test (check, a crash of the runner) counts as one failure.
if (failed === 0) failed = Number(failedSteps);
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped} skipped\n`);
process.exit(failed > 0 || Number(failedSteps) > 0 ? 1 : 0);
