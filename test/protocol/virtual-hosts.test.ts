// Virtual hosts as delta resources (the half of X78 that is served): they live inside of route configurations.
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';
import type { Received } from './scripted-client.ts';

const tables = { '80': 'frame', '8080': 'frame' };
const hosts = { '80/a': '1', '80/b': '1', '8080/a': '1' };

/** A client that holds both tables with their virtual hosts. */
async function clientWithBoth() {
  const { source, connect } = await protocolTest();
  source.change({ RDS: tables, VHDS: hosts });
  const client = connect('delta');
  client.send('RDS', { sub: ['80', '8080'] });
  await client.expectAck('RDS');
  client.send('VHDS');
  await client.expectAck('VHDS');
  return { source, client };
}

describe('delta: virtual hosts', () => {
  it('X78 gives all of them for a first request without names, after the tables that hold them', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: tables, VHDS: hosts });
    const client = connect('delta');
    client.send('RDS', { sub: ['80', '8080'] });
    await client.expectAck('RDS');
    client.send('VHDS');
    expect((await client.expectAck('VHDS')).names).toEqual(['80/a', '80/b', '8080/a']);
    source.change({ VHDS: { '80/b': '2', '80/a': undefined } });
    const change = await client.expectAck('VHDS');
    expect([change.names, change.removed]).toEqual([['80/b'], ['80/a']]);
    await client.expectSilence('RDS');
  });

  it('sends those of a table again that the client takes up again, and of no other', async () => {
    const { client } = await clientWithBoth();
    client.send('RDS', { unsub: ['80'] });
    await client.expectSilence();
    client.send('RDS', { sub: ['80'] });
    expect((await client.expectAck('RDS')).names).toEqual(['80']);
    expect((await client.expectAck('VHDS')).names).toEqual(['80/a', '80/b']);
    await client.expectSilence();
  });

  it('follow a table that comes into being, in its own response and not before it', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: { '80': 'frame' }, VHDS: { '80/a': '1' } });
    const client = connect('delta');
    client.send('RDS', { sub: ['80', '90'] });
    await client.expectAck('RDS');
    client.send('VHDS');
    await client.expectAck('VHDS');
    source.change({ RDS: { '90': 'frame' }, VHDS: { '90/a': '1' } });
    expect((await client.expect('RDS')).names).toEqual(['90']);
    expect((await client.expectAck('VHDS')).names).toEqual(['90/a']);
    expect(client.all.slice(-2).map(({ type }) => type)).toEqual(['RDS', 'VHDS']);
  });

  it('have a stand-in while their table is absent, so that Envoy goes on to take removals for it', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: tables, VHDS: hosts });
    const client = connect('delta');
    client.acknowledge();
    client.send('RDS', { sub: ['80', '8080', '9090'] });
    await client.settled();
    client.send('VHDS');
    await client.settled();
    expect(client.all.at(-1)?.names).toEqual(['80/a', '80/b', '8080/a', '9090/absent']);
    source.change({ RDS: { '8080': undefined }, VHDS: { '8080/a': undefined } });
    await client.settled();
    expect(heldBy(client.all)).toEqual(['80/a', '80/b', '8080/absent', '9090/absent']);
    source.change({ RDS: { '8080': 'frame', '9090': 'frame' }, VHDS: { '8080/c': '1', '9090/a': '1' } });
    await client.settled();
    expect(heldBy(client.all)).toEqual(['80/a', '80/b', '8080/c', '9090/a']);
  });

  it('X54 are sent to a reconnecting client only where it lacks them', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: tables, VHDS: hosts });
    const first = connect('delta');
    first.send('RDS', { sub: ['80', '8080'] });
    const heldTables = await first.expectAck('RDS');
    first.send('VHDS');
    const held = await first.expectAck('VHDS');
    first.kill('RST');
    source.change({ VHDS: { '80/a': '2', '80/b': undefined } });
    const client = connect('delta', first.nodeId);
    client.send('RDS', { sub: ['80', '8080'], irv: heldTables.versions });
    client.send('VHDS', { irv: held.versions });
    const response = await client.expectAck('VHDS');
    expect([response.names, response.removed]).toEqual([['80/a'], ['80/b']]);
    await client.expectSilence();
  });

  it('X54 are all sent to a reconnecting client whose table changed: it says what it has before it reads of that', async () => {
    const { source, connect } = await protocolTest();
    source.change({ RDS: tables, VHDS: hosts });
    const first = connect('delta');
    first.send('RDS', { sub: ['80', '8080'] });
    const heldTables = await first.expectAck('RDS');
    first.send('VHDS');
    const held = await first.expectAck('VHDS');
    first.kill('RST');
    source.change({ RDS: { '80': 'another frame' } });
    const client = connect('delta', first.nodeId);
    client.send('RDS', { sub: ['80', '8080'], irv: heldTables.versions });
    const changed = await client.expect('RDS');
    expect(changed.names).toEqual(['80']);
    client.send('VHDS', { irv: held.versions });
    client.ack(changed);
    expect((await client.expectAck('VHDS')).names).toEqual(['80/a', '80/b']);
    await client.expectSilence();
  });

  it('stay together where they are of one table, however large: Envoy opens a listener with the first that it gets', async () => {
    const { source, connect } = await protocolTest();
    const many = (table: string) => Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${table}/h${i}`, 'x'.repeat(10_000)]));
    source.change({ RDS: tables, VHDS: { ...many('80'), ...many('8080') } });
    const client = connect('delta');
    client.send('RDS', { sub: ['80', '8080'] });
    await client.expectAck('RDS');
    client.send('VHDS');
    const first = await client.expectAck('VHDS');
    const second = await client.expectAck('VHDS');
    expect(new Set(first.names.map((name) => name.split('/')[0]))).toEqual(new Set(['80']));
    expect([first.names.length, second.names.length]).toEqual([40, 40]);
  });

  it('that were refused go along with the next change, which may lean on them', async () => {
    const { source, client } = await clientWithBoth();
    source.change({ VHDS: { '80/a': 'bad', '80/b': undefined } });
    client.nack(await client.expect('VHDS'), 'no');
    await client.expectSilence();
    source.change({ VHDS: { '8080/a': '2' } });
    const next = await client.expectAck('VHDS');
    expect([next.names, next.removed]).toEqual([['80/a', '8080/a'], ['80/b']]);
    await client.expectSilence();
  });

  it('X32 a cluster is removed after the virtual hosts that led to it have moved', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { one: '1' }, RDS: { '80': 'frame' }, VHDS: { '80/a': 'one' } });
    const client = connect('delta');
    client.send('CDS');
    await client.expectAck('CDS');
    client.send('RDS', { sub: ['80'] });
    await client.expectAck('RDS');
    client.send('VHDS');
    await client.expectAck('VHDS');
    source.change({ CDS: { one: undefined, two: '1' }, VHDS: { '80/a': 'two' } });
    expect(await client.expectAck('CDS')).toMatchObject({ names: ['two'], removed: [] });
    const moved = await client.expect('VHDS');
    await client.expectSilence();
    client.ack(moved);
    expect(await client.expectAck('CDS')).toMatchObject({ names: [], removed: ['one'] });
  });
});

/** Names of the virtual hosts that a client has after these responses. */
function heldBy(responses: readonly Received[]): readonly string[] {
  const held = new Set<string>();
  for (const { type, names, removed } of responses) {
    if (type !== 'VHDS') continue;
    for (const name of removed) held.delete(name);
    for (const name of names) held.add(name);
  }
  return [...held].sort();
}
