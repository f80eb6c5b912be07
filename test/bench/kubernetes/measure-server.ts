import { connectKube } from '../../../src/kubernetes/connect-kube.ts';
import { FleetProxy } from '../../harness/fleet/fleet-proxy.ts';
import { sidecarNode } from '../../harness/fleet/sidecar-node.ts';
import type { ServerCommand } from '../measured-server.ts';
import { median, quantile } from '../median.ts';
import { cpuSecondsOf, memoryOf } from '../scenarios/process-figures.ts';
import { FollowedServer } from './followed-server.ts';
import { addressOf, type KubeWorld } from './kube-world.ts';
import { Marks } from './marks.ts';

export interface Measurement {
  readonly world: KubeWorld;
  readonly kubeconfig: string;
  readonly services: number;
  readonly starts: number;
  readonly changes: number;
  readonly proxies: number;
  /** Second number of the addresses that are written: what another server was measured with is no change any more. */
  readonly marks: number;
}

/** Seconds, MiB and milliseconds, as the names say. */
export interface KubeFigures {
  readonly readySeconds: number;
  readonly readyCpuSeconds: number;
  readonly residentMiB: number;
  readonly peakMiB: number;
  readonly connectCpuSeconds: number;
  readonly connectSeconds: number;
  readonly latencyMs: { readonly p50: number; readonly p99: number; readonly most: number };
  readonly changeCpuMs: number;
  readonly withProxiesMiB: number;
}

/** What it costs a server to follow the world, and how long a changed endpoint takes from there to the proxies. */
export async function measureServer(command: ServerCommand, measurement: Measurement): Promise<KubeFigures> {
  const started: { readonly ready: number; readonly cpu: number; readonly resident: number; readonly peak: number }[] = [];
  for (let run = 0; run < measurement.starts; run++) {
    const server = await FollowedServer.start(command, measurement.kubeconfig);
    started.push({ ready: server.readyMs / 1000, cpu: await cpuSecondsOf(server.pid), ...(await memoryOf(server.pid)) });
    await server.stop();
  }
  return {
    readySeconds: median(started.map(({ ready }) => ready)),
    readyCpuSeconds: median(started.map(({ cpu }) => cpu)),
    residentMiB: median(started.map(({ resident }) => resident)),
    peakMiB: median(started.map(({ peak }) => peak)),
    ...(await measureChanges(command, measurement)),
  };
}

type ChangeFigures = Omit<KubeFigures, 'readySeconds' | 'readyCpuSeconds' | 'residentMiB' | 'peakMiB'>;

async function measureChanges(command: ServerCommand, measurement: Measurement): Promise<ChangeFigures> {
  const { world, kubeconfig, services, changes, proxies, marks: network } = measurement;
  const server = await FollowedServer.start(command, kubeconfig);
  const marks = new Marks(proxies);
  let mark = 'nothing yet';
  const atStart = { cpu: await cpuSecondsOf(server.pid), ms: performance.now() };
  const fleet = await connectFleet(server.xds, measurement, (message) => marks.arrive(message, mark));
  const connected = { cpu: await cpuSecondsOf(server.pid), ms: performance.now() };
  process.stderr.write(`${command.label}: ${proxies} proxies are configured\n`);
  const end = new AbortController();
  void listen(kubeconfig, end.signal, (text) => marks.hear(text, mark));
  const latencies: number[] = [];
  for (let n = 0; n < changes; n++) {
    // each as long as the others: none is the beginning of another
    mark = `10.${network}.${100 + Math.floor(n / 100)}.${100 + (n % 100)}`;
    await world.mark((n * 7) % services, mark);
    latencies.push(...(await marks.of(mark)));
  }
  const cpu = (await cpuSecondsOf(server.pid)) - connected.cpu;
  const withProxiesMiB = (await memoryOf(server.pid)).resident;
  for (const proxy of fleet) proxy.close();
  end.abort();
  await server.stop();
  return {
    connectCpuSeconds: connected.cpu - atStart.cpu,
    connectSeconds: (connected.ms - atStart.ms) / 1000,
    latencyMs: { p50: quantile(latencies, 0.5), p99: quantile(latencies, 0.99), most: quantile(latencies, 1) },
    changeCpuMs: (cpu / changes) * 1000,
    withProxiesMiB,
  };
}

/** Proxies that hold everything. */
async function connectFleet(
  address: string,
  { proxies, services }: Measurement,
  onMessage: (message: Buffer) => void,
): Promise<readonly FleetProxy[]> {
  const ready: Promise<void>[] = [];
  const fleet = Array.from({ length: proxies }, (_, index) => {
    const done = Promise.withResolvers<void>();
    ready.push(done.promise);
    return new FleetProxy({
      address,
      node: sidecarNode(index, { address: addressOf(index), namespace: 'space-0', app: 'service-0' }),
      clusters: services,
      pace: 'full',
      onReady: () => done.resolve(),
      onResponse: (_proxy, message) => onMessage(message),
    });
  });
  await Promise.all(ready);
  return fleet;
}

/** Hears what the server under measurement hears, beside it. */
async function listen(kubeconfig: string, signal: AbortSignal, hear: (text: string) => void): Promise<void> {
  const client = await connectKube({ kind: 'kubeconfig', files: [kubeconfig] });
  const query = { watch: '1', resourceVersion: '0' };
  const stream = await client.stream({ method: 'GET', path: '/apis/discovery.k8s.io/v1/endpointslices', query, signal });
  for await (const chunk of stream) hear(Buffer.from(chunk).toString());
}
