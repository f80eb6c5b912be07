import { describe, expect, it } from 'vitest';
import { typeUrls } from '../../envoy/type-urls.ts';
import { BatchCache } from '../batch.ts';
import { isEmpty, remaining } from '../name-list.ts';
import type { EncodedResource, ResourceView } from '../resource-source.ts';
import { resourceType } from '../resource-types.ts';
import { ResponseNews } from '../response-news.ts';
import { ViewChanges } from '../view-changes.ts';
import { Watch } from '../watch.ts';
import { deltaSegments, encodeDeltaBody } from './body.ts';
import { DeltaPlanner } from './plan.ts';

const maxMessageBytes = 256 * 1024;

const view = (sizes: Readonly<Record<string, number>>): ResourceView => {
  const entries = new Map(
    Object.entries(sizes).map(([name, size]): [string, EncodedResource] => [name, { name, version: `v${size}`, any: Buffer.alloc(size) }]),
  );
  const none = () => undefined;
  return { key: 'test', revision: () => 1, get: (name) => entries.get(name), all: () => entries, changedSince: none, absent: none };
};

function planning(sizes: Readonly<Record<string, number>>) {
  const segments = deltaSegments();
  const planner = new DeltaPlanner();
  const shared = view(sizes);
  const encode = (content: Parameters<typeof encodeDeltaBody>[0]) => encodeDeltaBody(content, { controlPlane: Buffer.alloc(0), segments });
  const context = {
    changes: new ViewChanges(),
    batches: new BatchCache({ maxBytes: 10_000_000, encode }),
    news: new ResponseNews(),
    maxMessageBytes,
  };
  return { watch: () => wildcardOn(shared, context.changes), plan: (of: Watch) => planner.plan(of, context), context };
}

function wildcardOn(of: ResourceView, changes: ViewChanges): Watch {
  const made = new Watch(resourceType(typeUrls.CDS), of, 'delta');
  made.subscription.wildcard = true;
  made.owe(changes.names(of));
  return made;
}

describe('DeltaPlanner', () => {
  it('gives streams in the same situation the same bytes, part after part', () => {
    const { watch, plan } = planning({ a: 200_000, b: 200_000, c: 10 });
    const [one, two] = [watch(), watch()];
    for (let part = 0; part < 2; part++) {
      const [first, second] = [plan(one), plan(two)];
      expect(first.batch?.body).toBe(second.batch?.body);
      expect(first.rest).toBe(second.rest);
      one.owed = first.rest;
      two.owed = second.rest;
    }
    expect(isEmpty(one.owed)).toBe(true);
  });

  it('closes a response before it grows too large, and sends a single larger resource alone', () => {
    const { watch, plan } = planning({ a: 200_000, b: 50_000, c: 50_000, huge: 600_000, z: 10 });
    const of = watch();
    const parts: string[][] = [];
    while (!isEmpty(of.owed)) {
      const { batch, rest } = plan(of);
      parts.push((batch?.resources ?? []).map((resource) => resource.name));
      if (parts.at(-1)?.length !== 1) expect(batch?.bytes).toBeLessThan(maxMessageBytes + 1000);
      of.owed = rest;
    }
    expect(parts).toEqual([['a', 'b'], ['c'], ['huge'], ['z']]);
  });

  it('keeps back what parts later', () => {
    const { watch, plan } = planning({ a: 1 });
    const of = watch();
    of.parting.add('gone');
    of.owe({ names: ['gone'], from: 0 });
    const { batch, rest } = plan(of);
    expect([batch?.resources.map((resource) => resource.name), batch?.removed, remaining(rest)]).toEqual([['a'], [], []]);
  });

  it('plans what proxies share once, each proxy having its own before that', () => {
    const { context, plan } = planning({});
    const sizes = Object.fromEntries(Array.from({ length: 80 }, (_, index) => [`s${100 + index}`, 5000]));
    const shared = view(sizes);
    const proxy = (own: string) => {
      const mine = view({ [own]: 10 });
      const both = { ...view({ [own]: 10, ...sizes }), layers: [mine, shared] as const };
      return wildcardOn(both, context.changes);
    };
    const [one, two] = [proxy('a'), proxy('b')];
    const parts = [one, two].map((of) => {
      const bodies = [];
      while (!isEmpty(of.owed)) {
        const { batch, rest } = plan(of);
        bodies.push(batch);
        of.owed = rest;
      }
      return bodies;
    });
    expect(parts.map(([first]) => first?.resources.map(({ name }) => name))).toEqual([['a'], ['b']]);
    expect(parts.map(([, ...others]) => others.flatMap((batch) => batch?.resources ?? []).length)).toEqual([80, 80]);
    expect(parts[0]?.length).toBe(3);
    for (const at of [1, 2]) expect(parts[0]?.[at]).toBe(parts[1]?.[at]);
  });
});
