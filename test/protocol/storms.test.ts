// Many changes, many requests, many clients at once (X36, X37, X65, X66).
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../src/envoy/protos.ts';
import { connectStorm } from './connect-storm.ts';
import { eventually } from './eventually.ts';
import { protocolTest } from './protocol-test.ts';
import { clusterRequest, rawStream } from './raw-stream.ts';
import type { Received } from './scripted-client.ts';

const protos = loadProtos();
const types = ['CDS', 'EDS', 'LDS', 'RDS'] as const;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe.each(['sotw', 'delta'] as const)('storms (%s)', (variant) => {
  const ask = (names: readonly string[]) => (variant === 'sotw' ? { names } : { sub: names });

  it('X36 owes a client that stopped reading at most two responses of each type for 1000 changes, and keeps no bytes for it', async () => {
    const { source, server, metrics, connect } = await protocolTest();
    const filling = 'x'.repeat(150_000);
    const change = (i: number) => {
      const content = `${i} ${i <= 20 ? filling : ''}`;
      source.change({ CDS: { a: content }, EDS: { a: content }, LDS: { l: content }, RDS: { r: content } });
    };
    change(0);
    const client = connect(variant);
    client.acknowledge(variant === 'sotw' ? { EDS: ['a'], RDS: ['r'] } : {});
    for (const type of types) client.send(type, ask(type === 'EDS' ? ['a'] : type === 'RDS' ? ['r'] : []));
    await client.settled();
    const before = client.all.length;
    const bytesBefore = sum(metrics.pushedBytes.values());
    client.stall();
    for (let i = 1; i <= 1000; i++) {
      change(i);
      if (i % 10 === 0) await turn();
    }
    await eventually(() => server.connections()[0]?.watches.some(({ isDue }) => isDue) === true);
    const bytesWhileStalled = sum(metrics.pushedBytes.values()) - bytesBefore;
    expect(bytesWhileStalled).toBeLessThan(types.length * (filling.length + 1_000));
    client.resume();
    const last = (response: Received) => Object.values(response.contents)[0]?.startsWith('1000 ') === true;
    await client.until(
      () => (new Set(client.all.filter(last).map(({ type }) => type)).size === types.length ? true : undefined),
      'the truth',
    );
    await client.settled();
    const after = client.all.slice(before);
    for (const type of types) {
      const ofType = after.filter((response) => response.type === type);
      expect(ofType.length, type).toBeLessThanOrEqual(2);
      expect(last(ofType.at(-1) as Received), type).toBe(true);
    }
  });

  it('X37 pushes to all while one client never stops sending requests', async () => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' } });
    const quiet = connect(variant);
    quiet.acknowledge();
    quiet.send('CDS');
    await quiet.settled();
    const busy = connect(variant);
    busy.send('EDS', ask(['a']));
    await busy.expect('EDS');
    let isFlooding = true;
    const flood = (async () => {
      while (isFlooding) {
        for (let i = 0; i < 200; i++) busy.send('EDS', { ...ask(['a']), nonce: 'stale' });
        await turn();
      }
    })();
    const requests = () => server.connections().find(({ nodeId }) => nodeId === busy.nodeId)?.requestsReceived ?? 0;
    await eventually(() => requests() > 500);
    for (let i = 2; i < 5; i++) {
      const received = requests();
      source.change({ CDS: { a: String(i) } });
      await quiet.until(() => quiet.all.find((response) => response.contents['a'] === String(i)), 'the change');
      expect(requests()).toBeGreaterThanOrEqual(received);
    }
    isFlooding = false;
    await flood;
  });

  it('X37 answers requests while changes never stop', async () => {
    const { source, connect } = await protocolTest({ debounceAfterMs: 1, debounceMaxMs: 4 });
    source.change({ CDS: { a: '0' }, EDS: { a: '0' } });
    const watchers = Array.from({ length: 20 }, () => connect(variant));
    for (const watcher of watchers) {
      watcher.acknowledge();
      watcher.send('CDS');
    }
    let isChanging = true;
    const changes = (async () => {
      for (let i = 1; isChanging; i++) {
        source.change({ CDS: { a: String(i) } });
        await turn();
      }
    })();
    for (let i = 0; i < 5; i++) {
      const late = connect(variant);
      late.send('EDS', ask(['a']));
      expect((await late.expect('EDS')).names).toEqual(['a']);
    }
    isChanging = false;
    await changes;
  });

  it('X65 turns away what it cannot take of 300 clients at once; all come in with back-off, and those served stay served', async () => {
    await connectStorm(variant, 300);
  });

  it('X66 ends 500 connections of one moment at different moments', async () => {
    const ageMs = 1_000;
    const { address, source, server } = await protocolTest({ maxConnectionAgeMs: ageMs, maxConnectionAgeGraceMs: 100 });
    source.change({ CDS: { a: '1' } });
    const lives = Array.from({ length: 500 }, async (_, i) => {
      const client = rawStream(address, variant);
      await new Promise((resolve) => client.session.once('connect', resolve));
      const begin = performance.now();
      client.sendBytes(clusterRequest(protos, variant, { nodeId: `sidecar~${i}` }));
      client.read();
      await new Promise((resolve) => client.session.once('goaway', resolve));
      const life = performance.now() - begin;
      await client.ended;
      return life;
    });
    const sorted = (await Promise.all(lives)).sort((a, b) => a - b);
    expect(sorted[0]).toBeGreaterThan(ageMs * 0.85);
    expect((sorted[474] as number) - (sorted[25] as number)).toBeGreaterThan(ageMs * 0.1);
    await eventually(() => server.connections().length === 0);
    expect(source.proxies.size).toBe(0);
  });
});

function sum(values: Iterable<number>): number {
  return [...values].reduce((total, value) => total + value, 0);
}
