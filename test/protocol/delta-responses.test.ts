// Delta: removals, reconnection and size (X52-X60).
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';

describe('delta: responses', () => {
  it('X52 removes exactly what was deleted, endpoints after their cluster', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1', c: '1' }, RDS: { r: '1', s: '1' } });
    const client = connect('delta');
    client.acknowledge();
    client.send('CDS');
    client.send('RDS', { sub: ['r', 's'] });
    await client.settled();
    const before = client.all.length;
    source.change({ CDS: { c: undefined }, RDS: { r: undefined } });
    await client.settled();
    const removals = client.all.slice(before).map((response) => [response.type, response.names, response.removed]);
    expect(removals).toEqual([
      ['RDS', [], ['r']],
      ['CDS', [], ['c']],
    ]);
  });

  it('X54 sends a reconnecting client only what it lacks, and removes what is gone', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1', c: '1', d: '1' }, EDS: { a: '1', b: '1' } });
    const first = connect('delta');
    first.send('CDS');
    const held = await first.expect('CDS');
    first.kill('RST');
    source.change({ CDS: { b: undefined, c: '2', e: '1' } });
    const client = connect('delta', first.nodeId);
    client.send('CDS', { irv: held.versions });
    const response = await client.expectAck('CDS');
    expect([response.names, response.removed]).toEqual([['c', 'e'], ['b']]);
    await client.expectSilence();
    source.change({ CDS: { a: '2' } });
    expect((await client.expect('CDS')).names).toEqual(['a']);
  });

  it('X54 is silent towards a reconnecting client that has everything', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' } });
    const version = (type: 'CDS' | 'EDS') => ({ a: source.view(type).get('a')?.version ?? '' });
    const client = connect('delta');
    client.send('CDS', { irv: version('CDS') });
    client.send('EDS', { sub: ['a'], irv: version('EDS') });
    await client.expectSilence();
    source.change({ EDS: { a: '2' } });
    expect((await client.expect('EDS')).contents).toEqual({ a: '2' });
  });

  it('X55 removes 40 000 names that never existed, from a request of more than 4 MiB', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const names = Array.from({ length: 40_000 }, (_, i) => `outbound|80||${'x'.repeat(90)}-${i}.default.svc.cluster.local`);
    const client = connect('delta');
    client.acknowledge();
    client.send('CDS', { irv: Object.fromEntries(names.map((name) => [name, 'v'])) });
    await client.settled();
    expect(client.all.flatMap((response) => response.names)).toEqual(['a']);
    expect(client.all.flatMap((response) => response.removed).sort()).toEqual(names.sort());
  });

  it('X56 sends endpoints again after clusters, where the client asked for endpoints first', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '2', b: '1' }, EDS: { a: '1', b: '1' } });
    const held = (type: 'CDS' | 'EDS', name: string) => source.view(type).get(name)?.version ?? '';
    const client = connect('delta');
    client.acknowledge();
    client.send('EDS', { sub: ['a', 'b'], irv: { a: held('EDS', 'a'), b: held('EDS', 'b') } });
    client.send('CDS', { irv: { a: 'another', b: held('CDS', 'b') } });
    await client.settled();
    expect(client.all.map((response) => [response.type, response.names])).toEqual([
      ['CDS', ['a']],
      ['EDS', ['a']],
    ]);
  });

  it('X56 sends endpoints that the client says it has, where it has not yet answered their changed cluster', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '2', b: '1' }, EDS: { a: '1', b: '1' } });
    const held = (type: 'CDS' | 'EDS', name: string) => source.view(type).get(name)?.version ?? '';
    const client = connect('delta');
    client.send('CDS', { irv: { a: 'another', b: held('CDS', 'b') } });
    const clusters = await client.expect('CDS');
    // Envoy answers only when the cluster is warm, and it is warm only after an answer to its endpoints.
    client.send('EDS', { sub: ['a', 'b'], irv: { a: held('EDS', 'a'), b: held('EDS', 'b') } });
    expect([clusters.names, (await client.expect('EDS')).names]).toEqual([['a'], ['a']]);
  });

  it('X57 serves everything else to a reconnecting client that never asks for clusters', async () => {
    const { source, connect } = await protocolTest({ maxHoldMs: 60_000 });
    source.change({ CDS: { a: '1' }, EDS: { a: '1' }, LDS: { l: '1' }, RDS: { r: '1' } });
    const held = source.view('EDS').get('a')?.version ?? '';
    const client = connect('delta');
    client.acknowledge();
    client.send('EDS', { sub: ['a'], irv: { a: held } });
    client.send('LDS');
    client.send('RDS', { sub: ['r'] });
    await client.settled();
    source.change({ CDS: { a: '2' }, EDS: { a: '2' }, LDS: { l: '2' }, RDS: { r: '2' } });
    await client.settled();
    expect(client.all.map(({ type, contents }) => [type, contents])).toEqual([
      ['LDS', { l: '1' }],
      ['RDS', { r: '1' }],
      ['EDS', { a: '2' }],
      ['LDS', { l: '2' }],
      ['RDS', { r: '2' }],
    ]);
  });

  it('X59 never removes and adds a name in one response', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('delta');
    client.acknowledge({}, (response) => {
      for (const name of response.removed) expect(response.names).not.toContain(name);
    });
    client.send('CDS', { sub: ['*', 'b'] });
    for (let i = 0; i < 20; i++) {
      source.change({ CDS: { a: i % 2 ? String(i) : undefined, b: i % 3 ? String(i) : undefined } });
      await client.settled();
    }
    expect(client.all.length).toBeGreaterThan(10);
  });

  it('X60 splits a large response, each part with its own nonce, and keeps the push order', async () => {
    const { source, connect } = await protocolTest();
    const large = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`c${String(i).padStart(2, '0')}`, 'x'.repeat(100_000)]));
    source.change({ CDS: large, LDS: { l: '1' } });
    const client = connect('delta');
    client.acknowledge();
    client.send('CDS');
    await client.settled();
    expect(client.all.length).toBeGreaterThanOrEqual(20);
    expect(new Set(client.all.map((response) => response.nonce)).size).toBe(client.all.length);
    expect(client.all.flatMap((response) => response.names)).toEqual(Object.keys(large));

    client.send('LDS');
    await client.settled();
    const before = client.all.length;
    source.change({ CDS: Object.fromEntries(Object.keys(large).map((name) => [name, 'y'.repeat(100_000)])), LDS: { l: '2' } });
    await client.settled();
    const order = client.all.slice(before).map((response) => response.type);
    expect(order.indexOf('LDS')).toBe(order.length - 1);
  });

  it('ends a wildcard stream that the journal no longer reaches, so that the client comes back and says what it has', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('CDS');
    await client.expectAck('CDS');
    await client.settled();
    source.view('CDS').put('b', undefined);
    source.view('CDS').cutJournal();
    source.markStale();
    expect((await client.ended).code).toBe(status.UNAVAILABLE);
  });
});
