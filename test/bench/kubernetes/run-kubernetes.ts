// `node scripts/with-node.mjs test/bench/kubernetes/run-kubernetes.ts`: a large mesh in a real API server, and what it costs to
// follow it. Needs Go (test/harness/servers); uses `dist/` where that was built.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { connectKube } from '../../../src/kubernetes/connect-kube.ts';
import { FleetProxy } from '../../harness/fleet/fleet-proxy.ts';
import { sidecarNode } from '../../harness/fleet/sidecar-node.ts';
import { customKinds, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { ownServer, serverEnvironment } from '../measured-server.ts';
import { median, quantile } from '../median.ts';
import { cpuSecondsOf, memoryOf } from '../scenarios/process-figures.ts';
import { addressOf, KubeWorld } from './kube-world.ts';

const size = { services: 2_000, endpointsPerService: 10, pods: 5_000 };
const starts = 3;
const changes = 300;
const proxies = 20;

interface Served {
  readonly pid: number;
  readonly xds: string;
  readonly readyMs: number;
  stop(): Promise<void>;
}

async function serve(kubeconfig: string): Promise<Served> {
  const { words } = ownServer();
  const [program = '', ...args] = words.slice(0, words.indexOf('--config'));
  const flags = ['--kubeconfig', kubeconfig, '--xds-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0', '--log-level', 'error'];
  const startedMs = performance.now();
  const child = spawn(program, [...args, ...flags], { stdio: ['ignore', 'pipe', 'inherit'], env: serverEnvironment() });
  const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  return {
    pid: child.pid as number,
    xds: /xds=(\S+)/.exec(line)?.[1] ?? '',
    readyMs: performance.now() - startedMs,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}

/** Arrivals of marks, in milliseconds: at a watcher of our own, and at each proxy. */
class Marks {
  private readonly heard = new Map<string, number>();
  private readonly arrived = new Map<string, number[]>();
  private wake: () => void = () => {};

  hear(text: string, mark: string): void {
    if (text.includes(mark) && !this.heard.has(mark)) this.heard.set(mark, performance.now());
    this.wake();
  }

  arrive(message: Buffer, mark: string): void {
    if (message.includes(mark)) this.arrived.set(mark, [...(this.arrived.get(mark) ?? []), performance.now()]);
    this.wake();
  }

  /** Until every proxy has it; the milliseconds from the watch event to the last of them, and to each. */
  async of(mark: string): Promise<readonly number[]> {
    while (!this.heard.has(mark) || (this.arrived.get(mark) ?? []).length < proxies)
      await new Promise<void>((resolve) => (this.wake = resolve));
    const at = this.heard.get(mark) ?? 0;
    return (this.arrived.get(mark) ?? []).map((ms) => Math.max(0, ms - at));
  }
}

const cluster = await KubeCluster.start({ controllers: false });
try {
  await cluster.apply(...customKinds.map((kind) => looseCrd(kind)));
  const world = new KubeWorld(cluster, size);
  const beganMs = performance.now();
  await world.write();
  say(
    `${size.services} services, ${size.services * size.endpointsPerService} endpoints, ${size.pods} pods written in ${seconds(performance.now() - beganMs)} s`,
  );

  const figures: { readonly readyMs: number; readonly cpu: number; readonly resident: number; readonly peak: number }[] = [];
  for (let run = 0; run < starts; run++) {
    const served = await serve(cluster.kubeconfig);
    figures.push({ readyMs: served.readyMs, cpu: await cpuSecondsOf(served.pid), ...(await memoryOf(served.pid)) });
    await served.stop();
  }
  say(
    `time to ready ${seconds(median(figures.map(({ readyMs }) => readyMs)))} s, CPU ${median(figures.map(({ cpu }) => cpu)).toFixed(2)} s`,
  );
  say(
    `memory ${Math.round(median(figures.map(({ resident }) => resident)))} MiB, peak ${Math.round(median(figures.map(({ peak }) => peak)))} MiB`,
  );

  await measureChanges(world);
} finally {
  await cluster.stop();
}

async function measureChanges(world: KubeWorld): Promise<void> {
  const served = await serve(cluster.kubeconfig);
  const marks = new Marks();
  let mark = 'nothing yet';
  const ready: Promise<void>[] = [];
  const fleet = Array.from({ length: proxies }, (_, index) => {
    const done = Promise.withResolvers<void>();
    ready.push(done.promise);
    const workload = { address: addressOf(index), namespace: 'space-0', app: 'service-0' };
    return new FleetProxy({
      address: served.xds,
      node: sidecarNode(index, workload),
      clusters: size.services,
      pace: 'full',
      onReady: () => done.resolve(),
      onResponse: (_proxy, message) => marks.arrive(message, mark),
    });
  });
  await Promise.all(ready);
  const end = new AbortController();
  void listen(end.signal, (text) => marks.hear(text, mark));
  const cpuBefore = await cpuSecondsOf(served.pid);
  const latencies: number[] = [];
  for (let n = 0; n < changes; n++) {
    // each as long as the others: none is the beginning of another
    mark = `10.77.${100 + Math.floor(n / 100)}.${100 + (n % 100)}`;
    await world.mark((n * 7) % size.services, mark);
    latencies.push(...(await marks.of(mark)));
  }
  const cpu = (await cpuSecondsOf(served.pid)) - cpuBefore;
  const at = (share: number) => quantile(latencies, share).toFixed(1);
  say(`${changes} endpoint changes at ${proxies} proxies, watch event to EDS: p50 ${at(0.5)} ms, p99 ${at(0.99)} ms, most ${at(1)} ms`);
  say(
    `CPU for one change ${((cpu / changes) * 1000).toFixed(1)} ms; memory with ${proxies} proxies ${Math.round((await memoryOf(served.pid)).resident)} MiB`,
  );
  for (const proxy of fleet) proxy.close();
  end.abort();
  await served.stop();
}

/** Hears what the server under measurement hears, beside it. */
async function listen(signal: AbortSignal, hear: (text: string) => void): Promise<void> {
  const client = await connectKube({ kind: 'kubeconfig', files: [cluster.kubeconfig] });
  const query = { watch: '1', resourceVersion: '0' };
  const stream = await client.stream({ method: 'GET', path: '/apis/discovery.k8s.io/v1/endpointslices', query, signal });
  for await (const chunk of stream) hear(Buffer.from(chunk).toString());
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(1);
}

function say(text: string): void {
  process.stdout.write(`${text}\n`);
}
