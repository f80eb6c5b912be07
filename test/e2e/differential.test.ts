import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { possibleOutcomes } from '../../src/simulate/simulation.ts';
import { type Asked, asked } from './differential/asked.ts';
import { difference } from './differential/differences.ts';
import { DifferentialMesh } from './differential/differential-mesh.ts';
import { type World, world } from './differential/world.ts';

/** How many requests are asked in all, and of one world: 5 000 of 200 worlds as a rule. */
const requests = Number(process.env['COXSWAIN_REQUESTS'] ?? 5000);
const perWorld = Number(process.env['COXSWAIN_REQUESTS_PER_WORLD'] ?? 25);
const seed = Number(process.env['COXSWAIN_SEED'] ?? Date.now() % 0x7fffffff);

const calm: World = { services: [], subsetsOf: [], virtualServices: [], servers: [], isStrict: false, normalization: 'DEFAULT' };
const servers = [0, 1].map(() => ({ hosts: ['*'], httpsRedirect: false }));

/** What the interpreter says becomes of a request is what becomes of it. */
describe('the interpreter agrees with real Envoys', () => {
  let mesh: DifferentialMesh;

  beforeAll(async () => {
    mesh = await DifferentialMesh.start({ ...calm, servers });
  });
  afterAll(() => mesh.stop());

  async function ask(one: Asked, met: Map<string, number>): Promise<string | undefined> {
    const request = mesh.requestOf(one);
    const possible = possibleOutcomes(mesh.simulate(one.door)(request, { losers: false }));
    for (const { outcome } of possible) count(met, outcome.kind === 'answered' ? outcome.by : outcome.kind);
    const found = difference(await mesh.call(one.door, request), possible, { request, backends: mesh.backends });
    return found === undefined ? undefined : `${JSON.stringify(request)}\n${found}`;
  }

  test(`about ${requests} requests`, { timeout: 7_200_000 }, async () => {
    const met = new Map<string, number>();
    let answered = 0;
    await fc.assert(
      fc.asyncProperty(world, fc.array(asked, { minLength: perWorld, maxLength: perWorld, size: 'max' }), async (next, all) => {
        await mesh.become(next);
        expect(mesh.refused).toEqual([]);
        for (const one of all) {
          expect(await ask(one, met)).toBeUndefined();
          answered++;
        }
      }),
      { numRuns: Math.ceil(requests / perWorld), seed, endOnFailure: true },
    );
    expect(answered).toBeGreaterThanOrEqual(requests);
    console.info(`${answered} requests, seed ${seed}:`, Object.fromEntries(met));
    // A test that meets nothing but errors proves little.
    expect(met.get('delivered') ?? 0).toBeGreaterThan(requests / 10);
    expect([...met.keys()]).toEqual(
      expect.arrayContaining(['direct response', 'redirect', 'redirect to TLS', 'abort', 'CORS preflight', 'bad request']),
    );
  });
});

function count(met: Map<string, number>, what: string): void {
  met.set(what, (met.get(what) ?? 0) + 1);
}
