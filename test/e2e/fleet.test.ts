// Small versions of the scenarios of `npm run bench -- --scenarios`: what they count, without what they time.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { Fleet } from '../harness/fleet/fleet.ts';
import { probeAddress, ServiceWorld } from '../harness/fleet/service-world.ts';
import { parsePrometheusText } from '../harness/prometheus-text.ts';
import { ServeProcess } from '../harness/serve-process.ts';

const members = 20;
let directory: string;
let world: ServiceWorld;
let server: ServeProcess;
let fleets: Fleet[];

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'coxswain-fleet-'));
  // More than fits in HTTP/2's default window: who reads nothing holds the server up.
  world = new ServiceWorld({ directory, services: 60, endpoints: 10 });
  await world.write();
  await world.setRoute('before');
  server = await ServeProcess.start(directory, '--log-level', 'warn');
  fleets = [];
});

afterEach(async () => {
  for (const fleet of fleets) fleet.close();
  await server.stop();
  await rm(directory, { recursive: true, force: true });
});

function fleetOf(first: number): Fleet {
  const fleet = new Fleet({ address: server.xds, world, first });
  fleets.push(fleet);
  return fleet;
}

async function configured(): Promise<Fleet> {
  const fleet = fleetOf(0);
  fleet.connect(members);
  await fleet.allReady();
  return fleet;
}

/** Makes a change of the probe's endpoints; everybody holds it in the end. */
async function changeEndpoint(fleet: Fleet, number: number): Promise<void> {
  const address = probeAddress(number);
  expect(await fleet.spread(() => world.setProbe([address]), address)).toHaveLength(fleet.proxies.length);
}

/** Responses that the server says it has sent, by type, without types that were never sent. */
async function pushes(): Promise<ReadonlyMap<string, number>> {
  const text = await (await server.get('/metrics')).text();
  const samples = parsePrometheusText(text).get('pilot_xds_pushes')?.samples ?? new Map<string, number>();
  return new Map([...samples].map(([series, value]) => [/type="(\w+)"/.exec(series)?.[1] ?? '', value]));
}

test('a proxy that never reads holds nobody up, and catches up once it reads', async () => {
  const never = fleetOf(1_000);
  never.connect(1, 'none');
  const fleet = await configured();
  const before = fleet.responses(typeUrls.EDS);
  for (let number = 1; number <= 5; number++) await changeEndpoint(fleet, number);
  expect(await fleet.spread(() => world.setRoute('changed'), '/changed')).toHaveLength(members);
  expect(fleet.responses(typeUrls.EDS) - before).toBe(5 * members);
  expect(never.responses()).toBe(0);

  never.proxies[0]?.setPace('full');
  await never.allReady();
  expect(never.proxies[0]?.kept).toEqual(fleet.proxies[0]?.kept);
});

test('a proxy that stops reading is sent the latest state when it reads again, not what it missed', async () => {
  const fleet = await configured();
  const stalling = fleetOf(1_000);
  stalling.connect(1);
  await stalling.allReady();
  const proxy = stalling.proxies[0];
  const before = stalling.responses(typeUrls.EDS);
  proxy?.setPace('none');
  for (let number = 1; number <= 6; number++) await changeEndpoint(fleet, number);
  expect(stalling.responses(typeUrls.EDS)).toBe(before);

  proxy?.setPace('full');
  await stalling.until(() => proxy?.kept?.includes(probeAddress(6)) === true);
  // The first change was on its way when it stopped; the others are one.
  expect(stalling.responses(typeUrls.EDS) - before).toBe(2);
  expect(proxy?.kept).toEqual(fleet.proxies[0]?.kept);
});

test('an endpoint that comes and goes costs a push for each change at most, and everybody ends with the last one', async () => {
  const fleet = await configured();
  const changes = 400;
  const before = { all: fleet.responses(), endpoints: fleet.responses(typeUrls.EDS) };
  for (let number = 1; number < changes; number++)
    await world.setProbe(number % 2 === 0 ? ['127.199.0.1'] : ['127.199.0.1', '127.199.0.2']);
  await changeEndpoint(fleet, 1);
  const ofEndpoints = fleet.responses(typeUrls.EDS) - before.endpoints;
  expect(ofEndpoints).toBeGreaterThanOrEqual(members);
  expect(ofEndpoints).toBeLessThanOrEqual(changes * members);
  expect(fleet.responses() - before.all).toBe(ofEndpoints);

  const newcomer = fleetOf(1_000);
  newcomer.connect(1);
  await newcomer.allReady();
  const expected = newcomer.proxies[0]?.kept;
  expect(expected?.includes(probeAddress(1))).toBe(true);
  for (const { kept } of fleet.proxies) expect(kept).toEqual(expected);
});

test('a mesh in which nothing changes is sent nothing', async () => {
  const fleet = await configured();
  await changeEndpoint(fleet, 1);
  const before = await pushes();
  // A file is written, but says the same; then one endpoint changes, and nothing but that was sent when it has arrived.
  await world.setProbe([probeAddress(1)], 'the same in other words');
  await changeEndpoint(fleet, 2);
  const after = await pushes();
  expect(after).toEqual(new Map([...before, ['eds', (before.get('eds') ?? 0) + members]]));
});
