import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from '../../harness/fleet/ads-connection.ts';
import { FleetProxy } from '../../harness/fleet/fleet-proxy.ts';
import { sidecarNode } from '../../harness/fleet/sidecar-node.ts';
import type { BenchServer } from './bench-server.ts';
import { MeshUnderLoad } from './mesh-under-load.ts';
import { memoryOf, openFilesOf } from './process-figures.ts';
import { atMost, exactly, type Scenario, type ScenarioFigure, told } from './scenario.ts';
import { ServerHeap } from './server-heap.ts';

const atOnce = 20;
const warmUp = 2_000;
const looks = 10;
/** MiB. */
const heapTolerance = 2;
const residentTolerance = 48;

/** How clients come and go: what they read, when they leave, and how. */
const cycles: readonly {
  readonly pace: Pace;
  readonly until: 'subscribed' | 'answered' | 'configured';
  readonly leave: (proxy: FleetProxy) => void;
}[] = [
  { pace: 'full', until: 'subscribed', leave: (proxy) => proxy.close('RST') },
  { pace: 'full', until: 'answered', leave: (proxy) => proxy.close('RST') },
  { pace: 'full', until: 'configured', leave: (proxy) => proxy.close('FIN') },
  { pace: 'full', until: 'configured', leave: (proxy) => proxy.cancel() },
  { pace: 'none', until: 'subscribed', leave: (proxy) => proxy.close('RST') },
];

/** What the server holds. */
interface Held {
  readonly heap: number;
  readonly resident: number;
  readonly files: number;
  readonly handles: number;
}

/** Tens of thousands of proxies connect, subscribe and are killed: nothing of them may stay. */
export const connectCycles: Scenario = {
  name: 'connect-cycles',
  services: 10,
  async run({ cycles: count, progress, ...context }) {
    const mesh = await MeshUnderLoad.start({ ...context, proxies: 10, isInspected: true });
    const heap = await ServerHeap.connect(mesh.server.inspector);
    try {
      await comeAndGo(mesh, warmUp);
      const curve = [await heldBy(mesh, heap)];
      for (let look = 1; look <= looks; look++) {
        await comeAndGo(mesh, Math.ceil(count / looks));
        curve.push(await heldBy(mesh, heap));
        const { heap: mib = 0, resident = 0 } = curve.at(-1) ?? {};
        progress(`${Math.ceil((count * look) / looks)} cycles: ${mib.toFixed(2)} MiB held, ${resident.toFixed(0)} resident`);
      }
      return [...(await figuresOf(curve, mesh)), ...(await stillWorks(mesh))];
    } finally {
      heap.close();
      await mesh.stop();
    }
  },
};

async function figuresOf(curve: readonly Held[], { server, fleet }: MeshUnderLoad): Promise<readonly ScenarioFigure[]> {
  const [first, last] = [curve[0] as Held, curve.at(-1) as Held];
  const series = (value: (held: Held) => number, digits: number) => curve.map((held) => value(held).toFixed(digits)).join(' ');
  return [
    told(
      'held after collection, every tenth, MiB',
      series(({ heap }) => heap, 2),
    ),
    atMost('held at the end, MiB', last.heap, first.heap + heapTolerance),
    told(
      'resident, every tenth, MiB',
      series(({ resident }) => resident, 0),
    ),
    atMost('resident at the end, MiB', last.resident, first.resident + residentTolerance),
    exactly('open files at the end', last.files, first.files),
    atMost('open handles at the end', last.handles, first.handles),
    exactly('streams that the server knows', await server.connections(), fleet.proxies.length),
  ];
}

async function stillWorks({ fleet, changes }: MeshUnderLoad): Promise<readonly ScenarioFigure[]> {
  const { lost } = await changes.spread(2);
  return [exactly(`changes that did not reach the ${fleet.proxies.length} that stayed`, lost, 0)];
}

async function heldBy({ server, fleet }: MeshUnderLoad, heap: ServerHeap): Promise<Held> {
  await gone(server, fleet.proxies.length);
  const handles = await server.metric('nodejs_active_resources_total');
  const files = await openFilesOf(server.pid);
  return { heap: await heap.used(), resident: (await memoryOf(server.pid)).resident, files, handles };
}

/** Resolves once the server knows of no more streams than these, and has closed their sockets. */
async function gone(server: BenchServer, streams: number): Promise<void> {
  let files = Number.POSITIVE_INFINITY;
  for (;;) {
    const now = await openFilesOf(server.pid);
    if (now >= files && (await server.connections()) <= streams) return;
    files = now;
    await delay(200);
  }
}

async function comeAndGo(mesh: MeshUnderLoad, count: number): Promise<void> {
  let begun = 0;
  const one = async () => {
    while (begun < count) await cycle(mesh, begun++);
  };
  await Promise.all(Array.from({ length: atOnce }, one));
}

function cycle({ server, world }: MeshUnderLoad, index: number): Promise<void> {
  const { pace, until, leave } = cycles[index % cycles.length] as (typeof cycles)[number];
  return new Promise((resolve) => {
    const leaveNow = (proxy: FleetProxy) => {
      leave(proxy);
      resolve();
    };
    const proxy = new FleetProxy({
      address: server.xds,
      node: sidecarNode(index, world.workload(index)),
      clusters: world.clusters,
      pace,
      ...(until === 'answered' ? { onResponse: leaveNow } : {}),
      ...(until === 'configured' ? { onReady: leaveNow } : {}),
      onEnd: () => resolve(),
    });
    // Some are gone before their request was read, some after.
    if (until === 'subscribed') setTimeout(() => leaveNow(proxy), index % 7);
  });
}
