// When something is pushed, and how often (X36-X38, X58), and what replaces a view.
import { describe, expect, it } from 'vitest';
import { protocolTest } from './protocol-test.ts';

describe.each(['sotw', 'delta'] as const)('pushes (%s)', (variant) => {
  const ask = (names: readonly string[]) => (variant === 'sotw' ? { names } : { sub: names });
  const keep = (names: readonly string[]) => (variant === 'sotw' ? { names } : {});

  it('X36 owes a stalled client at most two responses for 1000 changes, and the last tells the truth', async () => {
    const { source, connect, server } = await protocolTest();
    source.change({ CDS: { a: '0' } });
    const client = connect(variant);
    client.send('CDS');
    const first = await client.expect('CDS');
    client.stall();
    for (let i = 1; i <= 1000; i++) {
      source.change({ CDS: { a: String(i) } });
      if (i % 100 === 0) await server.idle();
    }
    client.resume();
    client.acknowledge();
    client.ack(first);
    await client.settled();
    const after = client.all.slice(1);
    expect(after.length).toBeLessThanOrEqual(2);
    expect(after.at(-1)?.contents).toEqual({ a: '1000' });
  });

  it('pushes the first change after quiet at once, and coalesces the storm that follows', async () => {
    const { source, connect, metrics } = await protocolTest({ debounceAfterMs: 50, debounceMaxMs: 60_000 });
    source.change({ EDS: { a: '0' } });
    const client = connect(variant);
    client.acknowledge({ EDS: ['a'] });
    client.send('EDS', ask(['a']));
    await client.settled();
    for (let i = 1; i <= 50; i++) {
      source.change({ EDS: { a: String(i) } });
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
    await client.settled();
    expect(client.all.at(-1)?.contents).toEqual({ a: '50' });
    expect(client.all[1]?.contents).toEqual({ a: '1' });
    expect(metrics.pushes.get('eds')).toBeLessThanOrEqual(4);
  });

  it('does not let endpoints wait for a storm of configuration, nor for what is held', async () => {
    const { source, connect } = await protocolTest({ debounceAfterMs: 3_600_000, debounceMaxMs: 3_600_000, maxHoldMs: 3_600_000 });
    source.change({ CDS: { a: '1' }, EDS: { a: '1' }, LDS: { l: '1' } });
    const client = connect(variant);
    client.send('CDS');
    await client.expectAck('CDS');
    client.send('EDS', ask(['a']));
    await client.expectAck('EDS', keep(['a']));
    client.send('LDS');
    await client.expectAck('LDS');
    source.change({ CDS: { a: '2' }, LDS: { l: '2' } });
    await client.expect('CDS');
    client.ack(await client.expect('EDS'), keep(['a']));
    source.change({ CDS: { b: '1' } });
    source.change({ EDS: { a: '2' } });
    expect((await client.expect('EDS')).contents).toEqual({ a: '2' });
    // the listener is held for the answer to the cluster, and the new cluster is debounced
    expect(client.all.map((response) => response.contents['b'] ?? response.contents['l'])).not.toContain('2');
  });

  it('removes endpoints whose cluster goes too only after the cluster, also where clusters are debounced', async () => {
    const { source, connect } = await protocolTest({ debounceAfterMs: 50 });
    source.change({ CDS: { a: '1', b: '1' }, EDS: { a: '1', b: '1' } });
    const client = connect(variant);
    client.acknowledge(variant === 'sotw' ? { EDS: ['a', 'b'] } : {});
    client.send('CDS');
    client.send('EDS', ask(['a', 'b']));
    await client.settled();
    const before = client.all.length;
    source.change({ CDS: { b: '2' } });
    source.change({ EDS: { a: undefined }, CDS: { a: undefined } });
    await client.settled();
    const goneAt = (type: string) =>
      client.all.findIndex(
        (response, at) => at >= before && response.type === type && !('a' in response.contents && response.contents['a'] !== ''),
      );
    expect(goneAt('CDS')).toBeGreaterThanOrEqual(before);
    const removal = client.all.findIndex(
      (response, at) => at >= before && (response.contents['a'] === '' || response.removed.includes('a')) && response.type === 'EDS',
    );
    if (removal >= 0) expect(removal).toBeGreaterThan(goneAt('CDS'));
  });

  it('X38 pushes nothing for a change that changes nothing', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' } });
    const client = connect(variant);
    client.send('CDS');
    await client.expectAck('CDS');
    client.send('EDS', ask(['a']));
    await client.expectAck('EDS', keep(['a']));
    source.change({ EDS: { a: '1' } });
    source.markStale();
    source.change({ EDS: { unrelated: '1' } });
    await client.expectSilence();
  });

  it('X37 neither a wave of requests holds back a push, nor the other way round', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1' }, EDS: { a: '1' } });
    const client = connect(variant);
    client.acknowledge();
    client.send('CDS');
    await client.settled();
    const busy = connect(variant);
    busy.send('EDS', ask(['a']));
    for (let i = 0; i < 5_000; i++) busy.send('EDS', { ...ask(['a']), nonce: 'stale' });
    source.change({ CDS: { a: '2' } });
    await client.until(() => client.all.find((response) => response.contents['a'] === '2'), 'the new cluster');
    expect((await busy.expect('EDS')).contents).toEqual({ a: '1' });
  });

  it('measures how long a change waited, and how long it took until the client had answered', async () => {
    const { source, connect, metrics } = await protocolTest();
    source.change({ CDS: { a: '1' }, LDS: { l: '1' } });
    const client = connect(variant);
    client.send('CDS');
    client.ack(await client.expect('CDS'));
    client.send('LDS');
    client.ack(await client.expect('LDS'));
    await client.settled();
    source.change({ CDS: { a: '2' }, LDS: { l: '2' } });
    client.ack(await client.expect('CDS'));
    const last = await client.expect('LDS');
    expect([metrics.queuedMs.length, metrics.convergedMs.length]).toEqual([1, 0]);
    client.ack(last);
    await client.settled();
    expect(metrics.convergedMs).toHaveLength(1);
    expect([metrics.triggers, metrics.answeredChanges]).toEqual([['config'], ['cds', 'lds']]);
    expect([metrics.made, metrics.writes]).toEqual([['cds', 'lds', 'cds', 'lds'], 4]);
  });

  it('X58 sends a name that was deleted and made again at once as one update', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { a: '1', b: '1' }, LDS: { l: '1' } });
    const client = connect(variant);
    client.acknowledge();
    client.send('CDS');
    client.send('LDS');
    await client.settled();
    const before = client.all.length;
    source.change({ CDS: { a: undefined } });
    source.change({ CDS: { a: '2' } });
    await client.settled();
    expect(client.all.slice(before).map((response) => [response.contents['a'], response.removed])).toEqual([['2', []]]);
  });

  it('sends the difference when a proxy is given another view', async () => {
    const { source, connect } = await protocolTest();
    source.change({ CDS: { same: '1', other: '1', old: '1' } });
    source.change({ CDS: { same: '1', other: '2', new: '1' } }, 'narrow');
    const client = connect(variant);
    client.send('CDS');
    await client.expectAck('CDS');
    source.move(client.nodeId, 'narrow');
    const response = await client.expect('CDS');
    const whole = { new: '1', other: '2', same: '1' };
    expect(response.contents).toEqual(variant === 'sotw' ? { ...whole, ...response.contents } : { new: '1', other: '2' });
    client.ack(response);
    await client.settled();
    const last = client.all.at(-1);
    if (variant === 'sotw') expect(last?.contents).toEqual(whole);
    else expect(client.all.flatMap((each) => each.removed)).toEqual(['old']);
  });

  it('recovers where the journal does not reach back', async () => {
    const { source, connect } = await protocolTest();
    source.change({ EDS: { a: '1', b: '1' } });
    const client = connect(variant);
    client.send('EDS', ask(['a', 'b']));
    await client.expectAck('EDS', keep(['a', 'b']));
    source.view('EDS').put('a', '2');
    source.view('EDS').cutJournal();
    source.markStale();
    expect((await client.expect('EDS')).contents).toMatchObject({ a: '2' });
  });
});
