// Transport, lifecycle and limits (X64-X80).
import { mkdtemp } from 'node:fs/promises';
import { constants } from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../src/envoy/protos.ts';
import { type Clock, systemClock } from '../../src/lib/clock.ts';
import { eventually } from './eventually.ts';
import { protocolTest } from './protocol-test.ts';
import { clusterRequest, rawStream } from './raw-stream.ts';

const protos = loadProtos();

describe.each(['sotw', 'delta'] as const)('lifecycle (%s)', (variant) => {
  it('X64 refuses streams before the source is ready', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.isReady = false;
    const client = connect(variant);
    client.send('CDS');
    expect((await client.ended).code).toBe(status.UNAVAILABLE);
    expect(metrics.refusals).toEqual(['not ready']);
  });

  it('X66 ends a connection at its age, also with an open stream', async () => {
    const { source, connect, server } = await protocolTest({ maxConnectionAgeMs: 200, maxConnectionAgeGraceMs: 100 });
    source.change({ CDS: { a: '1' } });
    const client = connect(variant);
    client.send('CDS');
    await client.expect('CDS');
    expect((await client.ended).code).not.toBe(status.OK);
    await eventually(() => server.connections().length === 0);
  });

  it('X67 ends the stream of a client that does not read, by the send deadline', async () => {
    const { address, source, connect, server, metrics } = await protocolTest({ sendDeadlineMs: 1_000 });
    source.change({ CDS: { a: 'x'.repeat(1_000_000) } });
    const client = rawStream(address, variant);
    client.sendBytes(clusterRequest(protos, variant, { nodeId: 'sidecar~never-reads' }));
    await eventually(() => server.connections()[0]?.responsesSent === 1);
    const other = connect(variant);
    other.send('CDS');
    expect((await other.expect('CDS')).names).toEqual(['a']);
    await eventually(() => metrics.writeTimeouts === 1);
    expect(server.connections().map((connection) => connection.nodeId)).toEqual([other.nodeId]);
    client.read();
    expect(await client.ended).toBeUndefined();
    client.destroy();
  });

  it('does not lose a change that comes while a client reads slowly', async () => {
    const { address, source, server } = await protocolTest();
    source.change({ CDS: { a: 'x'.repeat(1_000_000) } });
    const client = rawStream(address, variant);
    client.sendBytes(clusterRequest(protos, variant, { nodeId: 'sidecar~slow' }));
    await eventually(() => server.connections()[0]?.responsesSent === 1);
    source.change({ CDS: { b: '1' } });
    await eventually(() => server.connections()[0]?.watches[0]?.isDue === true);
    client.read();
    await server.idle();
    client.sendBytes(clusterRequest(protos, variant, { nonce: server.connections()[0]?.watches[0]?.sentNonce ?? '' }));
    await eventually(() => server.connections()[0]?.responsesSent === 2);
    client.destroy();
  });

  it('D7 ends a stream that never says who it is', async () => {
    const { connect, server } = await protocolTest({ firstRequestDeadlineMs: 30 });
    const client = connect(variant);
    client.send('HEALTH', { node: null });
    expect((await client.ended).code).toBe(status.DEADLINE_EXCEEDED);
    expect(server.connections()).toEqual([]);
  });

  it('X69 refuses a request above the receive limit, and serves the others', async () => {
    const { source, connect } = await protocolTest({ maxReceiveBytes: 100_000 });
    source.change({ CDS: { a: '1' } });
    const other = connect(variant);
    other.send('CDS');
    await other.expectAck('CDS');
    const client = connect(variant);
    const names = Array.from({ length: 2000 }, (_, i) => `${'x'.repeat(100)}${i}`);
    client.send('EDS', variant === 'sotw' ? { names } : { sub: names });
    expect((await client.ended).code).toBe(status.RESOURCE_EXHAUSTED);
    source.change({ CDS: { a: '2' } });
    expect((await other.expect('CDS')).contents).toEqual({ a: '2' });
  });

  it('X70 ends a stream that the client half closed', async () => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect(variant);
    client.send('CDS');
    await client.expect('CDS');
    client.kill('FIN');
    expect((await client.ended).code).toBe(status.OK);
    expect([server.connections().length, source.proxies.size]).toEqual([0, 0]);
  });

  it.each(['reset', 'broken connection'] as const)('X71 forgets a client that goes away in the middle of a push (%s)', async (how) => {
    const { address, source, server } = await protocolTest();
    source.change({ CDS: { a: 'x'.repeat(1_000_000) } });
    const client = rawStream(address, variant);
    client.sendBytes(clusterRequest(protos, variant, { nodeId: 'sidecar~goes-away' }));
    await eventually(() => server.connections()[0]?.responsesSent === 1);
    if (how === 'reset') client.stream.close(constants.NGHTTP2_CANCEL);
    else client.destroy();
    await eventually(() => server.connections().length === 0);
    expect(source.proxies.size).toBe(0);
    await server.idle();
    client.destroy();
  });

  it('X72 leaves nothing behind after 200 clients that came and went', async () => {
    const { address, source, server } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    for (let round = 0; round < 10; round++) {
      const clients = Array.from({ length: 20 }, () => rawStream(address, variant));
      for (const [i, client] of clients.entries()) client.sendBytes(clusterRequest(protos, variant, { nodeId: `sidecar~${round}-${i}` }));
      await eventually(() => server.connections().filter((connection) => connection.responsesSent === 1).length === 20);
      source.change({ CDS: { a: String(round) } });
      for (const client of clients) client.destroy();
      await eventually(() => server.connections().length === 0);
    }
    expect(source.proxies.size).toBe(0);
    await server.idle();
  });

  it('X75 serves two streams of one node, and closing the old one leaves the new one', async () => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const old = connect(variant);
    old.send('CDS');
    await old.expectAck('CDS');
    const young = connect(variant, old.nodeId);
    young.send('CDS');
    await young.expectAck('CDS');
    old.kill('RST');
    await eventually(() => server.connections().length === 1);
    source.change({ CDS: { a: '2' } });
    expect((await young.expect('CDS')).contents['a']).toBe('2');
  });

  it('X80 skips a type whose resources cannot be read, for this proxy alone', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.change({ CDS: { a: '1' }, RDS: { r: '1' } });
    const client = connect(variant);
    client.acknowledge(variant === 'sotw' ? { RDS: ['r'] } : {});
    client.send('CDS');
    client.send('RDS', variant === 'sotw' ? { names: ['r'] } : { sub: ['r'] });
    await client.settled();
    source.view('RDS').broken = true;
    source.change({ CDS: { a: '2' } });
    expect((await client.until(() => client.all.find((response) => response.contents['a'] === '2'), 'the new cluster')).type).toBe('CDS');
    await client.settled();
    expect(metrics.failures).toContain('rds');
    source.view('RDS').broken = false;
    source.change({ RDS: { r: '2' } });
    await client.until(() => client.all.find((response) => response.contents['r'] === '2'), 'the new route');
  });

  it('X77 listens on a Unix socket too', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'coxswain-'));
    const { source, address, connect } = await protocolTest({ address: `unix:${join(folder, 'xds.sock')}` });
    source.change({ CDS: { a: '1' } });
    const client = connect(variant);
    client.send('CDS');
    expect((await client.expect('CDS')).names).toEqual(['a']);
    expect(address).toBe(`unix:${join(folder, 'xds.sock')}`);
  });

  it('drains: refuses new streams, ends the open ones with UNAVAILABLE, and is closed then', async () => {
    const { source, server, connect, stop } = await protocolTest({ drainMs: 100 });
    source.change({ CDS: { a: '1' } });
    const clients = [connect(variant), connect(variant)];
    for (const client of clients) {
      client.send('CDS');
      await client.expect('CDS');
    }
    stop();
    const ends = await Promise.all(clients.map((client) => client.ended));
    expect(ends.map((end) => end.code)).toEqual([status.UNAVAILABLE, status.UNAVAILABLE]);
    await server.closed();
    expect(server.connections()).toEqual([]);
  });

  it('drains at once where nobody is connected, and leaves no timer that keeps the process alive', async () => {
    const waiting = new Set<object>();
    const clock: Clock = {
      now: () => systemClock.now(),
      setTimeout(callback, delayMs, options) {
        const entry = {};
        if (!options?.unref) waiting.add(entry);
        const cancel = systemClock.setTimeout(callback, delayMs, options);
        return () => {
          waiting.delete(entry);
          cancel();
        };
      },
    };
    const { server, stop } = await protocolTest({ drainMs: 60_000 }, clock);
    stop();
    await server.closed();
    expect(waiting.size).toBe(0);
  });

  it('answers bytes that are no request with INVALID_ARGUMENT', async () => {
    const { address } = await protocolTest();
    const client = rawStream(address, variant);
    client.sendBytes(Buffer.from([0xff, 0xff, 0xff]));
    client.read();
    expect(await client.ended).toBe(status.INVALID_ARGUMENT);
    client.destroy();
  });
});
