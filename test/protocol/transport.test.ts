// What clients can do to the transport below the protocol (X67-X69, X76, X79).
import { constants } from 'node:http2';
import { gzipSync } from 'node:zlib';
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../src/envoy/protos.ts';
import { eventually } from './eventually.ts';
import { protocolTest } from './protocol-test.ts';
import { RawConnection } from './raw-connection.ts';
import { clusterRequest, rawStream } from './raw-stream.ts';

const protos = loadProtos();
const gzip = { headers: { 'grpc-encoding': 'gzip' } };

describe.each(['sotw', 'delta'] as const)('transport (%s)', (variant) => {
  it('X67 lets go of a client whose process was stopped, and serves the others', async () => {
    const { source, server, connect, connectProcess } = await protocolTest({ keepaliveTimeMs: 100, keepaliveTimeoutMs: 200 });
    source.change({ CDS: { a: '1' } });
    const client = connectProcess(variant);
    client.send('CDS');
    await client.expectAck('CDS');
    const other = connect(variant);
    other.acknowledge();
    other.send('CDS');
    await other.settled();
    client.kill('STOP');
    source.change({ CDS: { a: '2' } });
    await other.until(() => other.all.find((response) => response.contents['a'] === '2'), 'the change');
    await eventually(() => server.connections().length === 1);
    expect([server.connections()[0]?.nodeId, source.proxies.size]).toEqual([other.nodeId, 1]);
  });

  it('X68 answers 10 000 PINGs of one connection, and serves the others meanwhile', async () => {
    const { address, source, server, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const pings = 10_000;
    const flood = rawStream(address, variant, { session: { maxOutstandingPings: pings } });
    flood.sendBytes(clusterRequest(protos, variant, { nodeId: 'sidecar~pings' }));
    await eventually(() => server.connections()[0]?.responsesSent === 1);
    const other = connect(variant);
    other.send('CDS');
    await other.expectAck('CDS');
    let answered = 0;
    for (let i = 0; i < pings; i++) flood.session.ping(() => answered++);
    source.change({ CDS: { a: '2' } });
    expect((await other.expect('CDS')).contents).toEqual({ a: '2' });
    await eventually(() => answered === pings || flood.session.closed);
    expect(server.connections().map((connection) => connection.nodeId)).toContain(other.nodeId);
    flood.destroy();
  });

  it('X69 lets go of a stream whose request was too large, also where there is more to send and the client does not read', async () => {
    const { address, source, server, connect } = await protocolTest({ maxReceiveBytes: 100_000 });
    const filling = 'x'.repeat(60_000);
    source.change({ CDS: { a: filling }, LDS: { l: filling } });
    const client = rawStream(address, variant);
    const watch = (position: number) => server.connections()[0]?.watches[position];
    client.sendBytes(clusterRequest(protos, variant, { nodeId: 'sidecar~too-large' }));
    await eventually(() => watch(0)?.sentNonce !== undefined && watch(0)?.sentNonce !== '');
    client.sendBytes(clusterRequest(protos, variant, { nonce: watch(0)?.sentNonce ?? '' }));
    client.sendBytes(clusterRequest(protos, variant, { nonce: '' }, 'LDS'));
    await eventually(() => server.connections()[0]?.responsesSent === 2);
    client.stream.write(Buffer.from([0, 0, 3, 0, 0, 0]));
    const other = connect(variant);
    other.send('CDS');
    await other.expectAck('CDS');
    other.acknowledge();
    for (let i = 0; i < 3; i++) {
      source.change({ CDS: { b: String(i) } });
      await other.until(() => other.all.find((response) => response.contents['b'] === String(i)), 'the change');
    }
    client.read();
    expect(await client.ended).toBe(status.RESOURCE_EXHAUSTED);
    await eventually(() => server.connections().length === 1);
    client.destroy();
  });

  it('X76 refuses a new stream on a connection that was told to go away, and serves the old one until its end', async () => {
    const { address, source, server } = await protocolTest({ maxConnectionAgeMs: 150, maxConnectionAgeGraceMs: 400 });
    source.change({ CDS: { a: '1' } });
    const connection = new RawConnection(address);
    connection.open(1, variant);
    connection.sendBytes(1, clusterRequest(protos, variant, { nodeId: 'sidecar~old' }));
    await eventually(() => connection.lastStream === 1);
    const before = connection.dataFrames(1);
    connection.open(3, variant);
    connection.sendBytes(3, clusterRequest(protos, variant, { nodeId: 'sidecar~late' }));
    connection.sendBytes(1, clusterRequest(protos, variant, { nonce: server.connections()[0]?.watches[0]?.sentNonce ?? '' }));
    await eventually(() => server.connections()[0]?.requestsReceived === 2);
    source.change({ CDS: { a: '2' } });
    await eventually(() => connection.dataFrames(1) > before);
    expect(connection.isAnswered(3)).toBe(false);
    expect(server.connections().map(({ nodeId }) => nodeId)).toEqual(['sidecar~old']);
    await eventually(() => connection.isClosed && server.connections().length === 0);
    expect(source.proxies.size).toBe(0);
  });

  it('X79 takes compressed requests', async () => {
    const { address, source, server } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = rawStream(address, variant, gzip);
    client.sendCompressed(gzipSync(clusterRequest(protos, variant, { nodeId: 'sidecar~zipped' })));
    await eventually(() => server.connections()[0]?.responsesSent === 1);
    client.sendBytes(clusterRequest(protos, variant, { nonce: server.connections()[0]?.watches[0]?.sentNonce ?? '' }));
    await eventually(() => server.connections()[0]?.watches[0]?.isSynced === true);
    client.destroy();
  });

  it('X79 refuses a request that is small but for what comes out of it, and serves the others', async () => {
    const { address, source, server, connect } = await protocolTest({ maxReceiveBytes: 100_000 });
    source.change({ CDS: { a: '1' } });
    const other = connect(variant);
    other.acknowledge();
    other.send('CDS');
    await other.settled();
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(100_000);
    const client = rawStream(address, variant, gzip);
    client.sendCompressed(bomb);
    client.read();
    expect(await client.ended).toBe(status.RESOURCE_EXHAUSTED);
    await eventually(() => server.connections().length === 1);
    source.change({ CDS: { a: '2' } });
    await other.until(() => other.all.find((response) => response.contents['a'] === '2'), 'the change');
    client.destroy();
  });

  it('X79 ends a stream with bytes that cannot be decompressed, or in an encoding that nobody knows', async () => {
    const { address, server } = await protocolTest();
    const garbage = rawStream(address, variant, gzip);
    garbage.sendCompressed(Buffer.from('no gzip at all'));
    garbage.read();
    expect(await garbage.ended).toBe(status.INTERNAL);
    const unknown = rawStream(address, variant, { headers: { 'grpc-encoding': 'snappy' } });
    unknown.sendCompressed(Buffer.from('whatever'));
    unknown.read();
    expect(await unknown.ended).toBe(status.UNIMPLEMENTED);
    await eventually(() => server.connections().length === 0);
    for (const client of [garbage, unknown]) client.destroy();
  });

  it('forgets a stream that the client resets as soon as it has opened it, a thousand times over', async () => {
    const { address, source, server } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    for (let i = 0; i < 10; i++) {
      const client = rawStream(address, variant);
      const { session, stream } = client;
      const streams = Array.from({ length: 99 }, () => session.request(stream.sentHeaders ?? {}));
      for (const each of [stream, ...streams]) each.on('error', () => {}).close(constants.NGHTTP2_CANCEL);
      await Promise.all(
        streams.map((each) => new Promise((resolve) => (each.closed && each.destroyed ? resolve(0) : each.on('close', resolve)))),
      );
      client.destroy();
    }
    await eventually(() => server.connections().length === 0);
    expect(source.proxies.size).toBe(0);
  });
});
