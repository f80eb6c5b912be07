import { describe, expect, it } from 'vitest';
import { typeUrls } from '../envoy/type-urls.ts';
import { nameList } from './name-list.ts';
import { hasBusiness, holdEndsAtMs, isConverged, nextToPush } from './push-order.ts';
import type { EncodedResource, ResourceView } from './resource-source.ts';
import { resourceType } from './resource-types.ts';
import { Watch } from './watch.ts';

type Short = 'CDS' | 'EDS' | 'LDS' | 'RDS';

const view = (...names: readonly string[]): ResourceView => {
  const entries = new Map(names.map((name): [string, EncodedResource] => [name, { name, version: '1', any: Buffer.alloc(0) }]));
  return {
    key: 'test',
    revision: () => 1,
    get: (name) => entries.get(name),
    all: () => entries,
    changedSince: () => undefined,
    absent: () => undefined,
  };
};

/** Settled watches of a stream, in push order. */
function watches({ variant = 'delta' as 'delta' | 'sotw', lingerMs = 0 } = {}) {
  const all = (['CDS', 'EDS', 'LDS', 'RDS'] as const).map((type) => new Watch(resourceType(typeUrls[type]), view('kept'), variant));
  const byUrl = new Map(all.map((watch) => [watch.type.url, watch]));
  const of = (type: Short) => byUrl.get(typeUrls[type]) as Watch;
  const next = (nowMs = 0) => nextToPush(byUrl, { nowMs, maxHoldMs: 100, lingerMs, skip: new Set(), blocked: new Set() })?.type.short;
  return { byUrl, of, next };
}

const names = nameList(['a']);
const unanswered = (urgent: boolean) => ({ nonce: 'n', version: 'v', resources: [], removed: [], urgent });

describe('nextToPush', () => {
  it('has nothing to push where nothing is due', () => {
    expect(watches().next()).toBeUndefined();
  });

  it('takes what is due in order', () => {
    const { of, next } = watches();
    for (const type of ['RDS', 'LDS', 'EDS', 'CDS'] as const) of(type).owe(names);
    expect(next()).toBe('cds');
  });

  it('lets changes of listeners and routes wait until clusters are answered', () => {
    const { of, next } = watches();
    of('CDS').inFlight = unanswered(false);
    of('LDS').owe(names);
    of('RDS').owe(names);
    expect(next()).toBeUndefined();
    of('CDS').inFlight = undefined;
    expect(next()).toBe('lds');
  });

  it('lets what was asked for wait for clusters that were never sent, not for answers', () => {
    const { of, next } = watches();
    of('CDS').inFlight = unanswered(false);
    of('RDS').ask(names);
    expect(next()).toBe('rds');
    of('CDS').owe(names);
    expect(next()).toBeUndefined();
    expect(next(100)).toBe('rds');
  });

  it('lets them wait for endpoints that a cluster warms with, not for mere changes of endpoints', () => {
    const { of, next } = watches();
    of('RDS').owe(names);
    of('EDS').inFlight = unanswered(false);
    expect(next()).toBe('rds');
    of('EDS').inFlight = unanswered(true);
    expect(next()).toBeUndefined();
  });

  it('lets nothing wait that a client asked for', () => {
    const { of, next } = watches();
    of('CDS').inFlight = unanswered(false);
    of('RDS').ask(names);
    expect(next()).toBe('rds');
  });

  it('lets a change wait no longer than the maximum', () => {
    const { byUrl, of, next } = watches();
    of('CDS').inFlight = unanswered(false);
    of('RDS').owe(names);
    expect(next(5)).toBeUndefined();
    expect(holdEndsAtMs(byUrl, { maxHoldMs: 100, lingerMs: 0 })).toBe(105);
    expect(next(104)).toBeUndefined();
    expect(next(105)).toBe('rds');
    expect(holdEndsAtMs(byUrl, { maxHoldMs: 100, lingerMs: 0 })).toBeUndefined();
  });

  it('removes clusters after routes and listeners have been answered, endpoints after clusters', () => {
    const { of, next } = watches();
    of('CDS').parting.add('a');
    of('EDS').parting.add('a');
    of('RDS').inFlight = unanswered(false);
    expect(next()).toBeUndefined();
    of('RDS').inFlight = undefined;
    expect(next()).toBe('cds');
    expect([of('CDS').isDue, of('EDS').isDue]).toEqual([true, false]);
  });

  it('removes clusters after the maximum, also where routes are never answered', () => {
    const { byUrl, of, next } = watches();
    of('CDS').parting.add('a');
    of('RDS').inFlight = unanswered(false);
    expect(next(5)).toBeUndefined();
    expect(holdEndsAtMs(byUrl, { maxHoldMs: 100, lingerMs: 0 })).toBe(105);
    expect(next(105)).toBe('cds');
  });

  it('removes endpoints at once whose cluster stays', () => {
    const { of, next } = watches();
    of('RDS').inFlight = unanswered(false);
    of('CDS').parting.add('a');
    of('EDS').parting.add('kept');
    expect(next()).toBe('eds');
  });

  it('lets removals of a whole set wait for company, and the endpoints with them', () => {
    const { byUrl, of, next } = watches({ variant: 'sotw', lingerMs: 500 });
    of('CDS').parting.add('a');
    of('EDS').parting.add('a');
    expect(next(5)).toBeUndefined();
    expect([[...of('CDS').parting], [...of('CDS').leaving]]).toEqual([[], ['a']]);
    expect([isConverged(byUrl), hasBusiness(byUrl)]).toEqual([true, false]);
    expect(holdEndsAtMs(byUrl, { maxHoldMs: 100, lingerMs: 500 })).toBe(505);
    expect(next(504)).toBeUndefined();
    expect(next(505)).toBe('cds');
    expect([...of('EDS').parting]).toEqual(['a']);
  });

  it('lets no removal wait in delta, where it costs a name', () => {
    const { of, next } = watches({ lingerMs: 500 });
    of('CDS').parting.add('a');
    expect(next(5)).toBe('cds');
  });
});
