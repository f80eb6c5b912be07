// Delta: subscriptions (X39-X51).
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';

describe('delta: subscriptions', () => {
  it('X39 gives everything, each with name and version, for an empty first request', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('CDS');
    const response = await client.expect('CDS');
    expect(response.names).toEqual(['a', 'b']);
    expect(response.versions).toEqual({ a: source.view('CDS').get('a')?.version, b: source.view('CDS').get('b')?.version });
    expect(Object.values(response.versions)).not.toContain('');
  });

  it('X40 takes * for the same', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('CDS', { sub: ['*'] });
    expect((await client.expectAck('CDS')).names).toEqual(['a', 'b']);
    source.change({ CDS: { c: '1' } });
    expect((await client.expect('CDS')).names).toEqual(['c']);
  });

  it('X41 takes a first request with names for these names only', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('CDS', { sub: ['a'] });
    expect((await client.expectAck('CDS')).names).toEqual(['a']);
    source.change({ CDS: { b: '2' } });
    await client.expectSilence();
  });

  it('X42 keeps the legacy wildcard beside names, until * is unsubscribed; then nothing makes it come back', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('CDS');
    await client.expectAck('CDS');
    client.send('CDS', { sub: ['a'] });
    expect((await client.expectAck('CDS')).names).toEqual(['a']);
    source.change({ CDS: { b: '2' } });
    expect((await client.expectAck('CDS')).names).toEqual(['b']);
    client.send('CDS', { unsub: ['*'] });
    await client.expectSilence();
    source.change({ CDS: { a: '3', b: '3' } });
    expect((await client.expectAck('CDS')).names).toEqual(['a']);
    client.send('CDS', { unsub: ['a'] });
    await client.expectSilence();
    source.change({ CDS: { a: '4', b: '4' } });
    await client.expectSilence();
  });

  it('X43 takes * in both lists for a subscription to nothing yet', async () => {
    const { source, server, connect } = await protocolTest();
    source.change({ CDS: { x: '1' } });
    const client = connect('delta');
    client.send('CDS', { sub: ['*'], unsub: ['*'] });
    await client.expectSilence();
    expect(server.connections()[0]?.watches).toMatchObject([{ isWildcard: false, names: 0 }]);
    client.send('CDS', { sub: ['x'] });
    expect((await client.expect('CDS')).names).toEqual(['x']);
  });

  it('X44 tells how a name stands that was unsubscribed beside a wildcard', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('delta');
    client.send('CDS', { sub: ['*', 'a', 'missing'] });
    const first = await client.expectAck('CDS');
    expect([first.names, first.removed]).toEqual([['a'], ['missing']]);
    client.send('CDS', { unsub: ['a', 'missing'] });
    const answer = await client.expect('CDS');
    expect([answer.names, answer.removed]).toEqual([['a'], ['missing']]);
  });

  it('X45 answers neither an unsubscription nor one from what was never subscribed', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' }, CDS: { k: '1' } });
    const client = connect('delta');
    client.send('EDS', { sub: ['a', 'b'] });
    await client.expectAck('EDS');
    client.send('EDS', { unsub: ['b', 'never'] });
    client.send('CDS');
    await client.expectAck('CDS');
    client.send('CDS', { unsub: ['never'] });
    await client.expectSilence();
    source.change({ EDS: { b: '2' } });
    await client.expectSilence();
  });

  it('X46 sends a name again that is subscribed again', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: { a: '1' } });
    const client = connect('delta');
    client.send('RDS', { sub: ['a'] });
    await client.expectAck('RDS');
    client.send('RDS', { sub: ['a'] });
    expect((await client.expect('RDS')).names).toEqual(['a']);
  });

  it.each(['RDS', 'SDS', 'CDS'] as const)('X47 says that a name of %s does not exist, and sends it when it does', async (type) => {
    const { source, connect } = await protocolTest();
    source.change({ [type]: { other: '1' } });
    const client = connect('delta');
    client.send(type, { sub: ['a'] });
    expect(await client.expectAck(type)).toMatchObject({ names: [], removed: ['a'] });
    source.change({ [type]: { a: '1' } });
    expect(await client.expect(type)).toMatchObject({ names: ['a'], removed: [] });
  });

  it('X48 pairs answers by nonce, and is silent after a NACK', async () => {
    const { source, server, connect, metrics, nacks } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('delta');
    client.send('CDS');
    client.nack(await client.expect('CDS'), 'refused');
    await client.expectSilence();
    expect(server.connections()[0]?.watches[0]).toMatchObject({ lastError: 'refused', ackedNonce: '' });
    expect([metrics.rejects, nacks]).toEqual([['cds'], [`${client.nodeId} Cluster a refused`]]);
    source.change({ CDS: { b: '1' } });
    expect((await client.expect('CDS')).names).toEqual(['b']);
  });

  it('X49 honours a spontaneous request while a response waits for its ACK', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('EDS', { sub: ['a'] });
    const first = await client.expect('EDS');
    client.send('EDS', { sub: ['b'] });
    await client.expectSilence();
    client.ack(first);
    expect((await client.expect('EDS')).names).toEqual(['b']);
  });

  it('X50 honours names that come with a stale nonce', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('EDS', { sub: ['a'] });
    const first = await client.expectAck('EDS');
    source.change({ EDS: { a: '2' } });
    const second = await client.expect('EDS');
    client.ack(first, { sub: ['b'], unsub: ['a'] });
    client.ack(second);
    expect((await client.expectAck('EDS')).names).toEqual(['b']);
    expect(metrics.expired).toEqual(['eds']);
    source.change({ EDS: { a: '3' } });
    await client.expectSilence();
  });

  it('X51 honours names that come with a NACK', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect('delta');
    client.send('EDS', { sub: ['a'] });
    client.nack(await client.expect('EDS'), 'refused', { sub: ['b'] });
    expect((await client.expect('EDS')).names).toEqual(['b']);
  });

  it('X61 needs no version in requests, and X62 knows resources by name alone', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' } });
    const client = connect('delta');
    client.send('CDS', { sub: ['alias-of-a'] });
    const response = await client.expect('CDS');
    expect(response).toMatchObject({ names: [], removed: ['alias-of-a'] });
    expect(response.version).not.toBe('');
  });
});
