// State of the world: what a request means (X01-X18).
import { status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';

describe('state of the world: requests', () => {
  it('X01 serves requests without node after the first one', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    client.ack(await client.expect('CDS'));
    client.send('EDS', { names: ['a'] });
    expect((await client.expect('EDS')).names).toEqual(['a']);
  });

  it('X02 refuses a first request without a node id, and registers no connection', async () => {
    const { server, connect, metrics } = await protocolTest();
    const client = connect('sotw');
    client.send('CDS', { node: null });
    expect(await client.ended).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'missing node information' });
    expect(server.connections()).toEqual([]);
    expect(metrics.refusals).toEqual(['invalid node']);
  });

  it('X02 says why a node is refused', async () => {
    const { source, connect } = await protocolTest();
    source.refusal = 'the node id has no namespace';
    const client = connect('sotw');
    client.send('CDS');
    expect(await client.ended).toMatchObject({ code: status.INVALID_ARGUMENT, details: 'the node id has no namespace' });
  });

  it('X03 keeps the identity of the first request', async () => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, LDS: { l: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    await client.expect('CDS');
    client.send('LDS', { node: { id: 'somebody-else' } });
    await client.expect('LDS');
    expect(server.connections().map((connection) => connection.nodeId)).toEqual([client.nodeId]);
  });

  it('X04 ignores a health report before the first request', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('sotw');
    client.send('HEALTH', { node: null });
    client.send('CDS', { node: { id: client.nodeId } });
    expect((await client.expect('CDS')).names).toEqual(['a']);
  });

  it('X05 answers a first request in full', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { b: '1', a: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    const response = await client.expect('CDS');
    expect(response.names).toEqual(['a', 'b']);
    expect(response.nonce).not.toBe('');
    expect(response.version).not.toBe('');
    expect(response.typeUrl).toBe('type.googleapis.com/envoy.config.cluster.v3.Cluster');
  });

  it('X06 is silent after an ACK', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    await client.expectAck('CDS');
    await client.expectSilence();
  });

  it('X07 is silent after a NACK, remembers it, and pushes the next change', async () => {
    const { source, server, connect, metrics, nacks } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    const first = await client.expect('CDS');
    client.nack(first, 'no such field');
    await client.expectSilence();
    expect(server.connections()[0]?.watches[0]).toMatchObject({ lastError: 'no such field', ackedNonce: '', isSynced: false });
    expect(metrics.rejects).toEqual(['cds']);
    expect(nacks).toEqual([`${client.nodeId} Cluster a no such field`]);
    source.change({ CDS: { a: '2' } });
    const second = await client.expectAck('CDS');
    expect(second.nonce).not.toBe(first.nonce);
    await client.settled();
    expect(server.connections()[0]?.watches[0]).toMatchObject({ lastError: '', ackedNonce: second.nonce, isSynced: true });
  });

  it('X08 knows a NACK by its error alone', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    const first = await client.expect('CDS');
    client.nack(first, 'refused', { version: first.version });
    source.change({ CDS: { a: '2' } });
    const second = await client.expect('CDS');
    client.ack(second, { version: 'an older one' });
    await client.expectSilence();
    expect(metrics.rejects).toEqual(['cds']);
  });

  it('X09 does not answer a stale nonce', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    const first = await client.expectAck('CDS');
    source.change({ CDS: { a: '2' } });
    const second = await client.expect('CDS');
    client.ack(first);
    await client.expectSilence();
    expect(metrics.expired).toEqual(['cds']);
    client.ack(second);
    source.change({ CDS: { a: '3' } });
    expect((await client.expect('CDS')).contents).toEqual({ a: '3' });
  });

  it('X10 does not lose names that come with a stale nonce, and delivers them once', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('EDS', { names: ['a'] });
    const first = await client.expectAck('EDS', { names: ['a'] });
    source.change({ EDS: { a: '2' } });
    const second = await client.expect('EDS');
    client.ack(first, { names: ['a', 'b'] });
    client.ack(second, { names: ['a', 'b'] });
    expect((await client.expect('EDS')).names).toEqual(['b']);
    await client.expectSilence();
  });

  it('X11 takes a nonce of another type for stale', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.change({ CDS: { a: '1' }, LDS: { l: '1' } });
    const client = connect('sotw');
    client.send('CDS');
    client.send('LDS');
    const cds = await client.expectAck('CDS');
    const lds = await client.expect('LDS');
    client.send('LDS', { nonce: cds.nonce });
    await client.expectSilence();
    expect(metrics.expired).toEqual(['lds']);
    client.ack(lds);
    await client.expectSilence();
  });

  it.each(['sotw', 'delta'] as const)('X11 X13 answers a first request that carries a nonce of an earlier stream (%s)', async (variant) => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const before = connect(variant);
    before.send('CDS');
    const old = await before.expect('CDS');
    before.kill('RST');
    const client = connect(variant, before.nodeId);
    client.send('CDS', { nonce: old.nonce });
    expect((await client.expect('CDS')).names).toEqual(['a']);
  });

  it('X12 answers a reconnecting client even where its version is current', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' } });
    const first = connect('sotw');
    first.send('EDS', { names: ['a'] });
    const held = await first.expect('EDS');
    first.kill('RST');
    const client = connect('sotw', first.nodeId);
    client.send('EDS', { names: ['a'], version: held.version });
    const again = await client.expect('EDS');
    expect(again.names).toEqual(['a']);
    expect(again.version).toBe(held.version);
  });

  it('X14 answers added names', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('EDS', { names: ['a'] });
    const first = await client.expectAck('EDS', { names: ['a'] });
    await client.expectSilence();
    client.ack(first, { names: ['a', 'b'] });
    expect((await client.expect('EDS')).names).toContain('b');
  });

  it('X15 does not answer names that only became fewer, and forgets them', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('EDS', { names: ['a', 'b'] });
    await client.expectAck('EDS', { names: ['a'] });
    await client.expectSilence();
    source.change({ EDS: { b: '2' } });
    await client.expectSilence();
  });

  it('X16 sends a name again that was dropped and taken up again', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('sotw');
    client.send('EDS', { names: ['a', 'b'] });
    const first = await client.expectAck('EDS', { names: ['a'] });
    client.ack(first, { names: ['a', 'b'] });
    expect((await client.expect('EDS')).names).toEqual(['b']);
  });

  it.each(['EDS', 'RDS', 'SDS'] as const)('X17 takes an empty list for unsubscribing from %s', async (type) => {
    const { source, connect } = await protocolTest();
    source.change({ [type]: { a: '1' } });
    const client = connect('sotw');
    client.send(type, { names: ['a'] });
    const first = await client.expectAck(type, { names: [] });
    source.change({ [type]: { a: '2' } });
    await client.expectSilence();
    client.ack(first, { names: ['a'] });
    expect((await client.expect(type)).contents).toEqual({ a: '2' });
  });

  it.each(['EDS', 'RDS'] as const)('X18 neither answers nor watches an empty first request for %s', async (type) => {
    const { source, server, connect } = await protocolTest();
    source.change({ [type]: { a: '1' } });
    const client = connect('sotw');
    client.send(type);
    await client.expectSilence();
    expect(server.connections()[0]?.watches).toEqual([]);
  });
});
