import { describe, expect, it } from 'vitest';
import { cast } from './cast.ts';
import { countEdges, edgeLines, edges } from './edges.ts';
import type { EnvoyCounters } from './envoy-counters.ts';

describe('edges', () => {
  it('lead from the client through every Envoy to every process', () => {
    const reached = new Set(['client']);
    for (const { from, to } of edges()) if (reached.has(from) || from === 'frontend') reached.add(to);
    expect(cast.filter(({ name }) => !reached.has(name))).toEqual([]);
    expect(new Set(edges().map(({ proxy }) => proxy))).toEqual(new Set(cast.map(({ name }) => name)));
    for (const { name, role } of cast) if (role === 'sidecar') expect(reached).toContain(`${name} process`);
  });

  it('count what the named Envoy says, and nothing where it says nothing', () => {
    const gateway: EnvoyCounters = { listeners: new Map([['127.0.1.1_8080', { ok: 7, failed: 1 }]]), clusters: new Map() };
    const counted = countEdges(new Map([['gateway', gateway]]));
    expect(counted.filter(({ requests }) => requests > 0).map(({ from, to, requests }) => [from, to, requests])).toEqual([
      ['client', 'gateway', 7],
    ]);
    expect(edgeLines(counted).filter((line) => line.startsWith('NOTHING'))).toHaveLength(counted.length - 1);
  });
});
