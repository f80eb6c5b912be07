import { kindsWithoutEffect } from '../../../src/app/kinds-without-effect.ts';
import { readCases } from '../data-folder.ts';
import type { Suite } from '../suite.ts';
import type { SimulationCase } from './case.ts';
import { disagreements } from './disagreements.ts';
import { xdsOfCase } from './proxy-xds.ts';

/** Istio's own cases of calls, answered by our interpreter on what a proxy would be served. */
export const simulationSuite: Suite = {
  name: 'simulation',
  casesIn: (data) =>
    readCases<SimulationCase>(data, 'simulation').map((given) => ({
      name: given.name,
      ...(waitsForHttpRoute(given) && { notApplicable: 'HTTPRoute routes nothing yet' }),
      disagreements: async () => {
        const xds = await xdsOfCase(given);
        const found = disagreements(given, xds);
        return found.length === 0 ? [] : [...found, ...xds.problems.map((problem) => `about the configuration: ${problem}`)];
      },
    })),
};

function waitsForHttpRoute({ variant }: SimulationCase): boolean {
  return variant === 'httproute' && kindsWithoutEffect.some(({ kind }) => kind === 'HTTPRoute');
}
