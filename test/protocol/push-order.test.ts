// The order of a push: make before break, and warming (X31-X35, X53).
import { describe, expect, it } from 'vitest';
import type { DiscoverySettings } from '../../src/discovery/discovery-settings.ts';
import type { TypeUrlName } from '../../src/envoy/type-urls.ts';
import { protocolTest } from './protocol-test.ts';
import type { Received, ScriptedClient } from './scripted-client.ts';

const variants = ['sotw', 'delta'] as const;
type Variant = (typeof variants)[number];

/** Subscribes to names of several types, acknowledges whatever comes, and waits until all have been answered. */
async function subscribeAll(
  client: ScriptedClient,
  variant: Variant,
  names: Partial<Record<TypeUrlName, readonly string[]>>,
): Promise<void> {
  client.acknowledge(variant === 'sotw' ? names : {});
  for (const [type, list] of Object.entries(names)) client.send(type, variant === 'sotw' ? { names: list } : { sub: list });
  await client.settled();
}

function since(client: ScriptedClient, count: number): readonly Received[] {
  return client.all.slice(count);
}

describe.each(variants)('push order (%s)', (variant) => {
  it('X31 pushes one change of all types in order', async () => {
    const { source, connect } = await protocolTest();
    const types = ['SDS', 'RDS', 'EDS', 'LDS', 'CDS'] as const;
    for (const type of types) source.change({ [type]: { a: '1' } });
    const client = connect(variant);
    await subscribeAll(client, variant, { SDS: ['a'], RDS: ['a'], EDS: ['a'], LDS: ['*'], CDS: ['*'] });
    const before = client.all.length;
    source.change({ SDS: { a: '2' }, RDS: { a: '2' }, LDS: { a: '2' }, EDS: { a: '2' }, CDS: { a: '2' } });
    await client.settled();
    const order = since(client, before).map((response) => response.type);
    expect(order.filter((type) => type !== 'SDS')).toEqual(['CDS', 'EDS', 'LDS', 'RDS']);
    expect(order.filter((type) => type === 'SDS')).toHaveLength(1);
  });

  it('X32 sends a new cluster before the route to it, and removes the old one after the route has moved', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { v1: '1', other: '1' }, EDS: { v1: '1' }, LDS: { l: '1' }, RDS: { r: 'v1' } });
    const client = connect(variant);
    await subscribeAll(client, variant, { CDS: ['*'], EDS: ['v1'], LDS: ['*'], RDS: ['r'] });
    const before = client.all.length;
    source.change({ CDS: { v1: undefined, v2: '1' }, EDS: { v1: undefined, v2: '1' }, RDS: { r: 'v2' } });
    await client.settled();

    const clusters = new Set(['v1', 'other']);
    let target = 'v1';
    for (const response of since(client, before)) {
      if (response.type === 'CDS') {
        if (variant === 'sotw') clusters.clear();
        for (const name of response.removed) clusters.delete(name);
        for (const name of response.names) clusters.add(name);
      }
      if (response.type === 'RDS') target = response.contents['r'] as string;
      expect(clusters).toContain(target);
    }
    expect([...clusters].sort()).toEqual(['other', 'v2']);
    expect(target).toBe('v2');
  });

  it('X32 does not wait for ever where the client does not answer', async () => {
    const { source, connect } = await protocolTest({ maxHoldMs: 30 });
    source.change({ CDS: { v1: '1' }, RDS: { r: 'v1' } });
    const client = connect(variant);
    client.send('CDS');
    client.send('RDS', variant === 'sotw' ? { names: ['r'] } : { sub: ['r'] });
    await client.expect('CDS');
    await client.expectAck('RDS', variant === 'sotw' ? { names: ['r'] } : {});
    source.change({ CDS: { v2: '1' }, RDS: { r: 'v2' } });
    expect((await client.expect('RDS')).contents).toEqual({ r: 'v2' });
  });

  it('holds nothing back of a first configuration, though nothing was acknowledged and things change meanwhile', async () => {
    const { source, connect } = await protocolTest({ maxHoldMs: 60_000 });
    source.change({ CDS: { a: '1' }, EDS: { a: '1' }, LDS: { l: '1' }, RDS: { r: '1' } });
    const client = connect(variant);
    client.send('CDS');
    await client.expect('CDS');
    for (const [type, name] of Object.entries({ EDS: 'a', LDS: '*', RDS: 'r' } as const)) {
      source.change({ EDS: { a: type }, LDS: { [`l-${type}`]: '1' } });
      client.send(type, name === '*' ? {} : variant === 'sotw' ? { names: [name] } : { sub: [name] });
      await client.expect(type as TypeUrlName);
    }
  });

  it('X32 answers a first request for routes after the clusters that came up since clusters were sent', async () => {
    const { source, connect } = await protocolTest({ maxHoldMs: 60_000 });
    source.change({ CDS: { v1: '1' }, RDS: { r: 'v1' } });
    const client = connect(variant);
    client.send('CDS');
    const first = await client.expect('CDS');
    source.change({ CDS: { v2: '1' }, RDS: { r: 'v2' } });
    client.send('RDS', variant === 'sotw' ? { names: ['r'] } : { sub: ['r'] });
    await client.expectSilence('RDS');
    client.ack(first);
    expect((await client.expect('RDS')).contents).toEqual({ r: 'v2' });
    expect(client.all.map(({ type }) => type)).toEqual(['CDS', 'CDS', 'RDS']);
  });

  it('X33 sends the endpoints of a changed cluster again, and only these', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' }, EDS: { a: '1', b: '1' } });
    const client = connect(variant);
    await subscribeAll(client, variant, { CDS: ['*'], EDS: ['a', 'b'] });
    const before = client.all.length;
    source.change({ CDS: { a: '2' } });
    await client.settled();
    expect(since(client, before).map((response) => response.type)).toEqual(['CDS', 'EDS']);
    expect(client.all.at(-1)?.contents).toEqual({ a: '1' });
  });

  it('X34 X35 answers for a cluster without endpoints, or unknown, with an empty assignment', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1' } });
    const client = connect(variant);
    client.send('EDS', variant === 'sotw' ? { names: ['a', 'gone'] } : { sub: ['a', 'gone'] });
    const response = await client.expect('EDS');
    expect(response.contents).toEqual({ a: '1', gone: '' });
    expect(response.removed).toEqual([]);
  });

  it('sends the loss of all endpoints at once while its cluster lives, whatever listeners wait for', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' }, LDS: { l: '1' } });
    const client = connect(variant);
    client.send('CDS');
    await client.expectAck('CDS');
    client.send('EDS', variant === 'sotw' ? { names: ['a'] } : { sub: ['a'] });
    await client.expectAck('EDS', variant === 'sotw' ? { names: ['a'] } : {});
    client.send('LDS');
    await client.expect('LDS');
    source.change({ EDS: { a: undefined }, LDS: { l: '2' } });
    expect((await client.expect('EDS')).contents).toEqual({ a: '' });
  });
});

describe('removals of a whole set', () => {
  const changeOfService = async (settings: Partial<DiscoverySettings>) => {
    const { source, connect } = await protocolTest(settings);
    source.change({ CDS: { v1: '1' }, EDS: { v1: '1' }, RDS: { r: 'v1' } });
    const client = connect('sotw');
    await subscribeAll(client, 'sotw', { CDS: [], EDS: ['v1', 'v2', 'v3'], RDS: ['r'] });
    const before = client.all.length;
    const clusters = () => since(client, before).flatMap((response) => (response.type === 'CDS' ? [response.names] : []));
    const move = async (from: string, to: string) => {
      source.change({ CDS: { [from]: undefined, [to]: '1' }, EDS: { [from]: undefined, [to]: '1' }, RDS: { r: to } });
      await client.settled();
    };
    return { client, clusters, move };
  };

  it('go with the next response of their type', async () => {
    const { clusters, move } = await changeOfService({ removalLingerMs: 3_600_000 });
    await move('v1', 'v2');
    expect(clusters()).toEqual([['v1', 'v2']]);
    await move('v2', 'v3');
    expect(clusters()).toEqual([
      ['v1', 'v2'],
      ['v2', 'v3'],
    ]);
  });

  it('go alone when nothing else comes', async () => {
    const { client, clusters, move } = await changeOfService({ removalLingerMs: 50 });
    await move('v1', 'v2');
    await client.until(() => clusters()[1], 'the removal');
    expect(clusters()).toEqual([['v1', 'v2'], ['v2']]);
  });

  it('are forgotten where the name comes back', async () => {
    const { clusters, move } = await changeOfService({ removalLingerMs: 3_600_000 });
    await move('v1', 'v2');
    await move('v2', 'v1');
    expect(clusters()).toEqual([['v1', 'v2']]);
  });
});

describe('extension configuration', () => {
  it('X53 is never removed explicitly', async () => {
    const { source, connect } = await protocolTest();
    source.change({ LDS: { l: '1' }, ECDS: { plugin: '1' } });
    const client = connect('delta');
    await subscribeAll(client, 'delta', { LDS: ['*'], ECDS: ['plugin'] });
    const before = client.all.length;
    source.change({ LDS: { l: '2' }, ECDS: { plugin: undefined } });
    await client.settled();
    expect(since(client, before).map((response) => response.type)).toEqual(['LDS']);
  });
});
