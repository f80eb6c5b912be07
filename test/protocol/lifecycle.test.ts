// Transport, lifecycle and limits (X64-X80).
import { connect as connectHttp2 } from 'node:http2';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';

async function eventually(condition: () => boolean): Promise<void> {
  const end = Date.now() + 5_000;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came true: ${condition}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

describe.each(['sotw', 'delta'] as const)('lifecycle (%s)', (variant) => {
  it('X64 refuses streams before the source is ready', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.isReady = false;
    const client = connect(variant);
    client.send('CDS');
    expect((await client.ended).code).toBe(status.UNAVAILABLE);
    expect(metrics.refusals).toEqual(['not ready']);
  });

  it('X65 lets new streams wait for their turn, and refuses those that would wait long', async () => {
    const { source, connect } = await protocolTest({ maxStreamsPerSecond: 10 });
    source.change({ CDS: { a: '1' } });
    const clients = Array.from({ length: 20 }, () => connect(variant));
    for (const client of clients) client.send('CDS');
    const ends = await Promise.all(
      clients.map((client) =>
        Promise.race([
          client.ended.then((end) => end.code),
          client.expect('CDS').then(
            () => 'served',
            () => 'ended',
          ),
        ]),
      ),
    );
    const served = ends.filter((end) => end === 'served').length;
    expect(served).toBeGreaterThanOrEqual(10);
    expect(served).toBeLessThanOrEqual(12);
    expect(ends.filter((end) => end === status.RESOURCE_EXHAUSTED).length + served).toBe(20);
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
    const { source, connect, server, metrics } = await protocolTest({ sendDeadlineMs: 100 });
    source.change({ CDS: { a: 'x'.repeat(4_000_000) } });
    const client = connect(variant);
    client.stall();
    client.send('CDS');
    const other = connect(variant);
    await eventually(() => metrics.writeTimeouts === 1);
    expect(server.connections()).toEqual([]);
    other.send('CDS');
    expect((await other.expect('CDS')).names).toEqual(['a']);
    client.resume();
    expect((await client.ended).code).not.toBe(status.OK);
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

  it.each(['RST', 'STOP'] as const)('X71 forgets a client that goes away in the middle of a push (%s)', async (how) => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { a: 'x'.repeat(4_000_000) } });
    const client = connect(variant);
    client.stall();
    client.send('CDS');
    await eventually(() => server.connections()[0]?.responsesSent === 1);
    client.kill(how);
    await eventually(() => server.connections().length === 0);
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

  it('answers bytes that are no request with INVALID_ARGUMENT', async () => {
    const { address } = await protocolTest();
    const session = connectHttp2(`http://${address}`);
    const method = variant === 'sotw' ? 'StreamAggregatedResources' : 'DeltaAggregatedResources';
    const stream = session.request({
      ':method': 'POST',
      ':path': `/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`,
      'content-type': 'application/grpc',
      te: 'trailers',
    });
    stream.write(Buffer.from([0, 0, 0, 0, 3, 0xff, 0xff, 0xff]));
    const ended = await new Promise<number>((resolve) => {
      stream.on('response', (headers) => headers['grpc-status'] !== undefined && resolve(Number(headers['grpc-status'])));
      stream.on('trailers', (headers) => resolve(Number(headers['grpc-status'])));
      stream.resume();
    });
    session.destroy();
    expect(ended).toBe(status.INVALID_ARGUMENT);
  });
});
