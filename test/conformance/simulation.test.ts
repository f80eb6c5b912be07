import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SimulationCase } from './simulation/case.ts';
import { disagreements } from './simulation/disagreements.ts';
import { xdsOfCase } from './simulation/proxy-xds.ts';

// Istio's own cases of calls, evaluated by the suite's rules on what a proxy would be served.
const folder = join(process.env['COXSWAIN_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/conformance'), 'simulation');
const cases = existsSync(folder)
  ? readdirSync(folder)
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as SimulationCase)
  : [];

describe.skipIf(cases.length === 0)('conformance/simulation', () => {
  for (const given of cases) {
    if (given.variant === 'httproute') it.todo(`${given.name} (waits for HTTPRoute)`);
    else
      it(given.name, async () => {
        const xds = await xdsOfCase(given);
        expect(disagreements(given, xds), xds.problems.join('\n')).toEqual([]);
      });
  }
});
