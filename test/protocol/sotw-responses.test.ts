// State of the world: wildcards, and what a response holds (X19-X30).
import { credentials, makeGenericClientConstructor, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';

describe('state of the world: responses', () => {
  it('X19 takes an empty first request for everything, and stays with it', async () => {
    const { source, connect } = await protocolTest();
    source.change({ LDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('LDS');
    const first = await client.expect('LDS');
    expect(first.names).toEqual(['a', 'b']);
    client.ack(first);
    source.change({ LDS: { c: '1' } });
    expect((await client.expect('LDS')).names).toEqual(['a', 'b', 'c']);
  });

  it('X20 narrows a wildcard to names, and takes an empty list after names for unsubscribing', async () => {
    const { source, connect } = await protocolTest();
    source.change({ LDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('LDS', { names: ['*', 'a'] });
    const first = await client.expect('LDS');
    expect(first.names).toEqual(['a', 'b']);
    client.ack(first, { names: ['a'] });
    source.change({ LDS: { b: '2' } });
    await client.expectSilence();
    source.change({ LDS: { a: '2' } });
    const second = await client.expect('LDS');
    expect(second.contents).toEqual({ a: '2' });
    client.ack(second, { names: [] });
    source.change({ LDS: { a: '3', b: '3' } });
    await client.expectSilence();
  });

  it('X21 takes a literal * for everything', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('CDS', { names: ['*'] });
    const first = await client.expectAck('CDS', { names: ['*'] });
    expect(first.names).toEqual(['a', 'b']);
    source.change({ CDS: { c: '1' } });
    expect((await client.expect('CDS')).names).toEqual(['a', 'b', 'c']);
  });

  it('X22 gives a client that names listeners only those, and those that come later', async () => {
    const { source, connect } = await protocolTest();
    source.change({ LDS: { 'a:80': '1', 'b:80': '1' } });
    const client = connect('sotw');
    client.send('LDS', { names: ['a:80', 'c:80'] });
    expect((await client.expectAck('LDS', { names: ['a:80', 'c:80'] })).names).toEqual(['a:80']);
    source.change({ LDS: { 'c:80': '1' } });
    expect((await client.expect('LDS')).names).toEqual(['a:80', 'c:80']);
  });

  it('X23 remembers a name that does not exist, and sends it when it does', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: { other: '1' } });
    const client = connect('sotw');
    client.send('RDS', { names: ['x'] });
    await client.expectSilence();
    source.change({ RDS: { x: '1' } });
    expect((await client.expect('RDS')).contents).toEqual({ x: '1' });
  });

  it.each(['CDS', 'LDS'] as const)('X24 sends %s whole: what is absent is deleted', async (type) => {
    const { source, connect } = await protocolTest();
    const many = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`n${i}`, '1']));
    source.change({ [type]: many });
    const client = connect('sotw');
    client.send(type);
    await client.expectAck(type);
    source.change({ [type]: { n7: '2' } });
    const changed = await client.expectAck(type);
    expect(changed.names).toHaveLength(100);
    expect(changed.contents['n7']).toBe('2');
    source.change({ [type]: { n8: undefined } });
    const fewer = await client.expect(type);
    expect(fewer.names).toHaveLength(99);
    expect(fewer.names).not.toContain('n8');
  });

  it('X25 refuses streams while the source is not ready, and so never sends an empty set by accident', async () => {
    const { source, connect } = await protocolTest();
    source.isReady = false;
    const client = connect('sotw');
    client.send('CDS');
    expect((await client.ended).code).toBe(status.UNAVAILABLE);
    expect(client.all).toEqual([]);
  });

  it('X25 answers a first request with an empty set where there is truly nothing', async () => {
    const { source, connect } = await protocolTest();
    source.view('LDS');
    const client = connect('sotw');
    client.send('LDS');
    expect((await client.expect('LDS')).names).toEqual([]);
  });

  it.each(['EDS', 'RDS'] as const)('X26 sends only what changed of %s', async (type) => {
    const { source, connect } = await protocolTest();
    source.change({ [type]: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send(type, { names: ['a', 'b'] });
    await client.expectAck(type, { names: ['a', 'b'] });
    source.change({ [type]: { a: '2' } });
    expect((await client.expect(type)).contents).toEqual({ a: '2' });
  });

  it('X27 names each resource once, however often a client asks for it', async () => {
    const { source, connect } = await protocolTest();
    source.change({ LDS: { a: '1', b: '1' }, EDS: { a: '1' } });
    const client = connect('sotw');
    client.send('LDS', { names: ['*', 'a', 'a', '*'] });
    expect((await client.expect('LDS')).names).toEqual(['a', 'b']);
    client.send('EDS', { names: ['a', 'a'] });
    expect((await client.expect('EDS')).names).toEqual(['a']);
  });

  it.each(['sotw', 'delta'] as const)('X28 passes over 1000 unknown types, and keeps nothing of them (%s)', async (variant) => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect(variant);
    for (let i = 0; i < 1000; i++) client.send(`type.googleapis.com/unknown.Type${i}`);
    client.send('CDS');
    expect((await client.expect('CDS')).names).toEqual(['a']);
    expect(server.connections()[0]?.watches).toHaveLength(1);
  });

  it('X29 goes on with other types where one was refused', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, LDS: { l: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    client.send('LDS');
    await client.expectAck('CDS');
    client.nack(await client.expect('LDS'), 'refused');
    source.change({ CDS: { a: '2' }, LDS: { l: '2' } });
    expect((await client.expectAck('CDS')).contents).toEqual({ a: '2' });
    expect((await client.expect('LDS')).contents).toEqual({ l: '2' });
  });

  it.each([
    '/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets',
    '/envoy.service.cluster.v3.ClusterDiscoveryService/FetchClusters',
    '/envoy.service.load_stats.v3.LoadReportingService/StreamLoadStats',
  ])('X30 X78 does not implement %s', async (path) => {
    const { address } = await protocolTest();
    const client = new (makeGenericClientConstructor({}, 'none'))(address, credentials.createInsecure());
    const pass = (bytes: Buffer) => bytes;
    const call = client.makeBidiStreamRequest(path, pass, pass);
    call.on('error', () => {});
    call.write(Buffer.alloc(0));
    const ended = await new Promise<{ code: number }>((resolve) => call.on('status', resolve));
    client.close();
    expect(ended.code).toBe(status.UNIMPLEMENTED);
  });
});
