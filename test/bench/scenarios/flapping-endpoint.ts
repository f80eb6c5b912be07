import { setTimeout as delay } from 'node:timers/promises';
import { typeUrls } from '../../../src/envoy/type-urls.ts';
import { Fleet } from '../../harness/fleet/fleet.ts';
import { probeAddress } from '../../harness/fleet/service-world.ts';
import { othersFelt } from './calm-and-disturbed.ts';
import { MeshUnderLoad } from './mesh-under-load.ts';
import { cpuSecondsOf, memoryOf } from './process-figures.ts';
import { atMost, exactly, type Scenario, type ScenarioFigure, told } from './scenario.ts';
import { ServerHeap } from './server-heap.ts';
import type { Spread } from './spread-changes.ts';

const proxies = 100;
const everyMs = 10;
const steady = '127.199.0.1';
const flapping = '127.199.0.2';
const heapTolerance = 3;

interface Flapped {
  readonly changes: number;
  /** Changes of a route while the endpoint flapped. */
  readonly routes: Spread;
  /** MiB that the server holds, every tenth of the time. */
  readonly heap: readonly number[];
}

/** An endpoint comes and goes a hundred times a second. */
export const flappingEndpoint: Scenario = {
  name: 'flapping-endpoint',
  async run({ seconds, progress, ...context }) {
    const mesh = await MeshUnderLoad.start({ ...context, proxies, isInspected: true });
    const heap = await ServerHeap.connect(mesh.server.inspector);
    try {
      const calm = [await mesh.changes.spread(20), await mesh.changes.spread(20), await mesh.changes.spread(20)];
      const before = { cpu: await cpuSecondsOf(mesh.server.pid), responses: mesh.fleet.responses(typeUrls.EDS) };
      const flapped = await flap(mesh, heap, { seconds, progress });
      const cpu = (await cpuSecondsOf(mesh.server.pid)) - before.cpu;
      const pushes = (mesh.fleet.responses(typeUrls.EDS) - before.responses) / proxies;
      const last = probeAddress(999_999);
      const [, ...rest] = flapped.heap;
      return [
        told('changes a second', flapped.changes / seconds),
        atMost('pushes to each proxy a second', pushes / seconds, flapped.changes / seconds),
        told('server CPU, share of a core', cpu / seconds),
        ...othersFelt('a change of a route meanwhile', { calm, disturbed: [flapped.routes] }),
        told('held after collection, every tenth of the time, MiB', flapped.heap.map((mib) => mib.toFixed(1)).join(' ')),
        atMost('held at the end, MiB', flapped.heap.at(-1) ?? 0, (rest[0] ?? 0) + heapTolerance),
        told('resident at the end, MiB', (await memoryOf(mesh.server.pid)).resident),
        ...(await finalState(mesh, last)),
      ];
    } finally {
      heap.close();
      await mesh.stop();
    }
  },
};

async function flap(
  mesh: MeshUnderLoad,
  heap: ServerHeap,
  { seconds, progress }: { readonly seconds: number; readonly progress: (text: string) => void },
): Promise<Flapped> {
  const latencies: number[] = [];
  let expected = 0;
  const held: number[] = [];
  let changes = 0;
  const startedMs = performance.now();
  const elapsed = () => (performance.now() - startedMs) / 1000;
  const flaps = async () => {
    while (elapsed() < seconds) {
      await mesh.world.setProbe(changes % 2 === 0 ? [steady] : [steady, flapping]);
      changes++;
      await delay(Math.max(0, startedMs + changes * everyMs - performance.now()));
    }
  };
  const looks = async () => {
    for (let number = 0; elapsed() < seconds; number++) {
      const mark = `flap-${String(number).padStart(6, '0')}`;
      expected += proxies;
      latencies.push(...(await mesh.fleet.spread(() => mesh.world.setRoute(mark), mark)));
      if (elapsed() >= (held.length * seconds) / 10) {
        held.push(await heap.used());
        progress(`${elapsed().toFixed(0)} s: ${changes} changes, ${held.at(-1)?.toFixed(1)} MiB held`);
      }
      await delay(500);
    }
  };
  await Promise.all([flaps(), looks()]);
  held.push(await heap.used());
  return { changes, routes: { latencies, lost: expected - latencies.length }, heap: held };
}

/** One last change: everybody holds it, and the same bytes as somebody who comes afterwards. */
async function finalState(mesh: MeshUnderLoad, last: string): Promise<readonly ScenarioFigure[]> {
  await mesh.fleet.spread(() => mesh.world.setProbe([steady, last]), last);
  const newcomer = new Fleet({ address: mesh.server.xds, world: mesh.world, first: proxies });
  newcomer.connect(1);
  await newcomer.allReady();
  const expected = newcomer.proxies[0]?.kept;
  const right = mesh.fleet.proxies.filter(({ kept }) => expected?.includes(last) && kept?.equals(expected));
  newcomer.close();
  return [exactly('proxies that hold the final state', right.length, proxies)];
}
