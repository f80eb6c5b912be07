// Whatever happens, clients of both variants end up with the truth (X63, P6), and at no moment point at nothing (X32, P4).
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { EnvoyModel, modelTypes } from './envoy-model.ts';
import { type ProtocolTest, protocolTest } from './protocol-test.ts';
import type { ScriptedClient } from './scripted-client.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 200);
const names = ['a', 'b', 'c'] as const;
const name = fc.constantFrom(...names);
const viewKey = fc.constantFrom('all', 'other');

/** One step of a history. A route always points at a cluster that the same change keeps or makes. */
const step = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constant('route' as const), to: name, keep: fc.subarray([...names]), view: viewKey, salt: fc.nat(3) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('endpoints' as const), name, salt: fc.nat(3), view: viewKey }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('want' as const),
      type: fc.constantFrom('EDS' as const, 'RDS' as const),
      name,
      isWanted: fc.boolean(),
    }),
  },
  fc.record({ do: fc.constant('move' as const), view: viewKey }),
  fc.record({ do: fc.constant('reconnect' as const) }),
  fc.record({ do: fc.constant('refuse' as const), count: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ do: fc.constant('settle' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

class History {
  readonly model: EnvoyModel;
  readonly nodeId: string;
  private readonly test: ProtocolTest;
  private readonly variant: 'sotw' | 'delta';
  private client: ScriptedClient;
  private view = 'all';

  constructor(test: ProtocolTest, variant: 'sotw' | 'delta', nodeId: string) {
    this.test = test;
    this.variant = variant;
    this.nodeId = nodeId;
    this.model = new EnvoyModel(variant, () => this.checkRoutes());
    for (const type of modelTypes) for (const key of ['all', 'other']) test.source.view(type, key);
    this.client = test.connect(variant, nodeId);
    this.model.wanted.EDS.add('a');
    this.model.wanted.RDS.add('r');
    this.model.connect(this.client);
  }

  async run(steps: readonly Step[]): Promise<void> {
    for (const each of steps) await this.take(each);
    await this.client.settled();
    this.client.kill('FIN');
    await this.client.ended;
  }

  truth(type: (typeof modelTypes)[number]): Readonly<Record<string, string>> {
    const view = this.test.source.view(type, this.view);
    const wanted = type === 'EDS' || type === 'RDS' ? [...this.model.wanted[type]] : [...view.all().keys()];
    const entries = wanted.map((each): [string, string | undefined] => [each, this.test.source.contentOf(type, this.view, each)]);
    return Object.fromEntries(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
  }

  /** What the client holds; state of the world never takes a route back, so that a lost one may stay. */
  holds(type: (typeof modelTypes)[number]): Readonly<Record<string, string>> {
    const held = [...this.model.held[type]].map(([each, { content }]): [string, string] => [each, content]);
    const truth = this.truth(type);
    return Object.fromEntries(held.filter(([each]) => this.variant === 'delta' || type !== 'RDS' || each in truth));
  }

  private async take(each: Step): Promise<void> {
    const { source } = this.test;
    if (each.do === 'route') {
      const kept = new Set([...each.keep, each.to]);
      const clusters = Object.fromEntries(names.map((cluster) => [cluster, kept.has(cluster) ? String(each.salt) : undefined]));
      const endpoints = Object.fromEntries(names.map((cluster) => [cluster, kept.has(cluster) ? 'some' : undefined]));
      source.change({ CDS: clusters, EDS: endpoints, LDS: { l: String(each.salt) }, RDS: { r: each.to } }, each.view);
    } else if (each.do === 'endpoints') {
      if (source.view('EDS', each.view).get(each.name)) source.change({ EDS: { [each.name]: String(each.salt) } }, each.view);
    } else if (each.do === 'want') this.model.want(each.type, each.type === 'RDS' ? 'r' : each.name, each.isWanted);
    else if (each.do === 'move') {
      this.view = each.view;
      source.move(this.nodeId, each.view);
    } else if (each.do === 'reconnect') {
      this.client.kill('RST');
      await this.client.ended;
      this.client = this.test.connect(this.variant, this.nodeId);
      this.model.connect(this.client);
    } else if (each.do === 'refuse') this.model.refuse += each.count;
    else await this.client.settled();
  }

  private checkRoutes(): void {
    const target = this.model.held.RDS.get('r')?.content;
    if (target !== undefined) this.targets.push([target, this.model.held.CDS.has(target)]);
  }

  /** After each response: where the route pointed, and whether that cluster was there. */
  readonly targets: [string, boolean][] = [];
}

it.each(['sotw', 'delta'] as const)(
  'X63 P6 the client holds the truth after any history (%s)',
  async (variant) => {
    const test = await protocolTest({ debounceAfterMs: 1, debounceMaxMs: 4 });
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
        test.source.clear();
        const history = new History(test, variant, `sidecar~${variant}-${run++}`);
        await history.run(steps);
        for (const type of modelTypes) expect({ type, holds: history.holds(type) }).toEqual({ type, holds: history.truth(type) });
      }),
      { numRuns: runs },
    );
  },
  7_200_000,
);

it.each(['sotw', 'delta'] as const)(
  'X32 P4 a route never points at a cluster that the client lacks (%s)',
  async (variant) => {
    const test = await protocolTest({ debounceAfterMs: 1, debounceMaxMs: 4 });
    const moves = step.filter((each) => each.do === 'route' || each.do === 'endpoints' || each.do === 'settle');
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(moves, { maxLength: 25 }), async (steps) => {
        test.source.clear();
        const history = new History(test, variant, `sidecar~order-${variant}-${run++}`);
        await history.run([{ do: 'settle' }, ...steps]);
        expect(history.targets.filter(([, isThere]) => !isThere)).toEqual([]);
      }),
      { numRuns: runs },
    );
  },
  7_200_000,
);
