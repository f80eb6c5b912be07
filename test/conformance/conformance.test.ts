import { describe, expect, it } from 'vitest';
import { dataFolder } from './data-folder.ts';
import { suites } from './suites.ts';

describe.each(suites)('conformance/$name', ({ casesIn }) => {
  const cases = casesIn(dataFolder);
  if (cases.length === 0) it.skip('has no cases here');
  for (const { name, notApplicable, disagreements } of cases) {
    if (notApplicable !== undefined) it.todo(`${name} (${notApplicable})`);
    else it(name, async () => expect(await disagreements()).toEqual([]));
  }
});
