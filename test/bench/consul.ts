/**
 * `node scripts/with-node.mjs test/bench/consul.ts [services]`: how fast what happens in a real Consul reaches proxies, and what it costs
 * Consul. Needs Go (Consul is built once) and openssl. docs/performance.md holds the figures.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { decodeResponse } from '../harness/fleet/delta-messages.ts';
import { FleetProxy } from '../harness/fleet/fleet-proxy.ts';
import { sidecarNode } from '../harness/fleet/sidecar-node.ts';
import { ServeProcess } from '../harness/serve-process.ts';
import { ConsulCluster } from '../harness/servers/consul-cluster.ts';
import { addedAddress, ConsulWorld, serviceName } from './consul-world.ts';
import { CountingProxy } from './counting-proxy.ts';
import { describeMachine } from './describe-machine.ts';
import { figure, markdownTable } from './markdown-table.ts';
import { quantile } from './median.ts';

const services = Number(process.argv[2] ?? 2000);
const changes = 60;
/** Services are swept once in two seconds at most: what comes sooner measures the waiting. */
const betweenSweepsMs = 3000;
const giveUpMs = 20_000;

type Row = readonly [what: string, value: string, bound: string, verdict: string];
const rows: Row[] = [];

function report(what: string, value: number, bound?: number): void {
  rows.push([
    what,
    figure(value),
    bound === undefined ? '' : `at most ${bound}`,
    bound === undefined ? '' : value <= bound ? 'met' : 'missed',
  ]);
}

/** Responses that one proxy gets, and who waits for which. */
class Watcher {
  readonly proxy: FleetProxy;
  /** Responses by type URL that held anything about a service of Consul. */
  readonly counts = new Map<string, number>();
  private wanted: { readonly mark: string; readonly resolve: () => void } | undefined;

  constructor(address: string, clusters: number) {
    const workload = { address: '10.40.0.1', namespace: 'default', app: 'watcher' };
    this.proxy = new FleetProxy({
      address,
      node: sidecarNode(0, workload),
      clusters,
      pace: 'full',
      onResponse: (_, message) => this.take(message),
    });
  }

  /** Milliseconds until endpoints arrive in which the mark stands: an address, or the name of a cluster. */
  async arrival(mark: string, change: () => Promise<void>): Promise<number> {
    const startedAt = performance.now();
    const arrived = new Promise<void>((resolve) => {
      this.wanted = { mark, resolve };
    });
    const timer = setTimeout(() => this.wanted?.resolve(), giveUpMs);
    await Promise.all([change(), arrived.then(() => clearTimeout(timer))]).catch((error: unknown) => {
      throw error;
    });
    return this.arrivedAt - startedAt;
  }

  private arrivedAt = 0;

  private take(message: Buffer): void {
    const { typeUrl } = decodeResponse(message);
    this.counts.set(typeUrl, (this.counts.get(typeUrl) ?? 0) + 1);
    if (typeUrl !== typeUrls.EDS || this.wanted === undefined || !message.includes(this.wanted.mark)) return;
    this.arrivedAt = performance.now();
    this.wanted.resolve();
    this.wanted = undefined;
  }
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Makes changes at an even pace and returns how long each took, with what Consul was asked meanwhile. */
async function paced(count: number, proxy: CountingProxy, change: (i: number) => Promise<number>, everyMs = 1000) {
  const before = { requests: proxy.requests.length, sockets: proxy.accepted };
  const times: number[] = [];
  for (let i = 0; i < count; i++) {
    const startedAt = performance.now();
    times.push(await change(i));
    await pause(Math.max(0, everyMs - (performance.now() - startedAt)));
  }
  return { times, requests: (proxy.requests.length - before.requests) / count, sockets: proxy.accepted - before.sockets };
}

function reportTimes(what: string, times: readonly number[], boundMs: number): void {
  report(`${what}: p50, ms`, quantile(times, 0.5));
  report(`${what}: p99, ms`, quantile(times, 0.99), boundMs);
}

async function measure(world: ConsulWorld, proxy: CountingProxy, watcher: Watcher): Promise<void> {
  const cluster = (i: number) => `outbound|80||${serviceName(i)}.service.consul`;
  const spread = (i: number) => (i * 37) % services;
  const added = await paced(changes, proxy, (i) => watcher.arrival(addedAddress(spread(i), 7), () => world.addInstance(spread(i), 7)));
  reportTimes('instance registered -> endpoints at the proxy', added.times, 250);
  report('requests to Consul for each', added.requests, 3);
  report('new sockets in these 60 s', added.sockets, 0);
  const flips = await paced(changes, proxy, (i) => {
    const index = spread(Math.floor(i / 2));
    return watcher.arrival(cluster(index), () => world.setStatus(index, i % 2 === 0 ? 'critical' : 'passing'));
  });
  reportTimes('check changed -> endpoints at the proxy', flips.times, 250);
  report('requests to Consul for each', flips.requests, 3);
  report('new sockets in these 60 s', flips.sockets, 0);
  const fresh = await paced(20, proxy, (i) => watcher.arrival(addedAddress(services + i, 0), () => world.addInstance(services + i, 0)));
  reportTimes('service registered -> endpoints at the proxy', fresh.times, 250);
  report('requests to Consul for each', fresh.requests, 3);
  const moved = await paced(
    20,
    proxy,
    (i) => watcher.arrival(cluster(spread(i)), () => world.moveInstance(spread(i), 9000 + i)),
    betweenSweepsMs,
  );
  reportTimes('registered in place (port) -> endpoints at the proxy', moved.times, 1500);
  report('requests to Consul for each', moved.requests);
  await quiet(world, watcher);
}

/** What means nothing to a mesh: the same again, another output of a check. */
async function quiet(world: ConsulWorld, watcher: Watcher): Promise<void> {
  await pause(3000);
  const before = new Map(watcher.counts);
  for (let i = 0; i < 20; i++) {
    await world.registerAgain(services - 1 - i);
    await world.setStatus(services - 1 - i, 'passing', `checked ${i} times`);
  }
  await pause(3000);
  const pushed = [...watcher.counts].reduce((sum, [type, count]) => sum + count - (before.get(type) ?? 0), 0);
  report('responses after 40 changes without meaning', pushed, 0);
}

async function main(): Promise<void> {
  const directory = await mkdtemp(join(tmpdir(), 'coxswain-bench-consul-'));
  const cluster = await ConsulCluster.start();
  const world = new ConsulWorld(cluster.server, services);
  await world.fill();
  const proxy = await CountingProxy.start(Number(cluster.server.address.split(':')[1]));
  const startedAt = performance.now();
  const server = await ServeProcess.start(directory, '--log-level', 'warn', '--registry', `consul://${proxy.address}`);
  report('start with everything read, s', (performance.now() - startedAt) / 1000);
  report('requests until then', proxy.requests.length);
  const watcher = new Watcher(server.xds, services);
  while (!watcher.proxy.isReady) await pause(20);
  await pause(2000);
  const idle = proxy.requests.length;
  await pause(10_000);
  report('requests in 10 s of quiet', proxy.requests.length - idle, 2);
  await measure(world, proxy, watcher);
  report('connections to Consul at once, most', proxy.mostOpen, 200);
  watcher.proxy.close();
  process.stdout.write(server.log());
  await server.stop();
  proxy.stop();
  await cluster.stop();
  await rm(directory, { recursive: true, force: true });
  process.stdout.write(`${services} services\n\n${markdownTable(['figure', 'value', 'bound', ''], rows)}\n\n${await describeMachine()}\n`);
}

await main();
