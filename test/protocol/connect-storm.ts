// A fleet that connects in one moment, as after a restart of the control plane (X65).
import { status } from '@grpc/grpc-js';
import { expect } from 'vitest';
import { loadProtos } from '../../src/envoy/protos.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { eventually } from './eventually.ts';
import { protocolTest } from './protocol-test.ts';
import { clusterRequest, rawStream } from './raw-stream.ts';
import type { Variant } from './served-clients.ts';

const perSecond = 25;
/** A second of the storm passes in a fifth of one. */
const times = 5;
const clock: typeof systemClock = {
  now: () => systemClock.now() * times,
  setTimeout: (callback, delayMs, options) => systemClock.setTimeout(callback, delayMs / times, options),
};
const protos = loadProtos();

/** So many clients at once, at a limit of 25 in a second: fails unless all are served in the end, and those that were served before all the time. */
export async function connectStorm(variant: Variant, count: number): Promise<void> {
  const { address, source, server, connect, metrics } = await protocolTest({ maxStreamsPerSecond: perSecond }, clock);
  source.change({ CDS: { a: '0' } });
  const old = connect(variant);
  old.acknowledge();
  old.send('CDS');
  await old.settled();
  const isSent = (content: string) => old.until(() => old.all.find((response) => response.contents['a'] === content), 'the change');

  const clients = Array.from({ length: count }, (_, i) => comeIn(address, variant, `sidecar~${i}`));
  await eventually(() => metrics.refusals.length > 0);
  source.change({ CDS: { a: '1' } });
  await isSent('1');
  expect(server.connections().length).toBeLessThan(count);
  const all = await Promise.all(clients);
  expect(new Set(all.flatMap(({ refusals }) => refusals))).toEqual(new Set([status.RESOURCE_EXHAUSTED]));
  expect(new Set(metrics.refusals)).toEqual(new Set(['rate limit']));
  expect(server.connections()).toHaveLength(count + 1);
  source.change({ CDS: { a: '2' } });
  await isSent('2');
  for (const { close } of all) close();
}

/** Comes back after a refusal as Envoy does: after up to twice the time each time, at random. */
async function comeIn(address: string, variant: Variant, nodeId: string) {
  const refusals: (number | undefined)[] = [];
  for (let backOffMs = 500; ; backOffMs = Math.min(backOffMs * 2, 30_000)) {
    const client = rawStream(address, variant);
    client.sendBytes(clusterRequest(protos, variant, { nodeId }));
    const served = new Promise<'served'>((resolve) => client.stream.once('data', () => resolve('served')));
    const end = await Promise.race([served, client.ended]);
    if (end === 'served') return { refusals, close: () => client.destroy() };
    refusals.push(end);
    client.destroy();
    await new Promise<void>((resolve) => clock.setTimeout(resolve, Math.random() * backOffMs));
  }
}
