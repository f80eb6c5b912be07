import { setTimeout as delay } from 'node:timers/promises';
import type { Pace } from '../../harness/fleet/ads-connection.ts';
import { calmAndDisturbed, othersFelt } from './calm-and-disturbed.ts';
import { MeshUnderLoad } from './mesh-under-load.ts';
import { memoryOf } from './process-figures.ts';
import { atMost, type Scenario, type ScenarioContext, type ScenarioFigure, told } from './scenario.ts';

const slowBytesPerSecond = 10_000;
/** What slow readers may cost beyond readers, MiB: a full pool of bytes on their way and garbage. */
const memoryTolerance = 32;

/** One of a hundred proxies reads nothing, then one reads 10 kB a second: from its first byte on. */
export const slowReader: Scenario = {
  name: 'slow-reader',
  async run(context) {
    const mesh = await MeshUnderLoad.start({ ...context, proxies: 99 });
    try {
      const nothing = await calmAndDisturbed(mesh.changes, () => slowOnes(mesh, new Map([['none', 1]])));
      const little = await calmAndDisturbed(mesh.changes, () => slowOnes(mesh, new Map([[slowBytesPerSecond, 1]])));
      return [...othersFelt('99 beside one that reads nothing', nothing), ...othersFelt('99 beside one that reads 10 kB/s', little)];
    } finally {
      await mesh.stop();
    }
  },
};

/** 200 of 500 proxies read slowly, half of them nothing. */
export const slowCrowd: Scenario = {
  name: 'slow-crowd',
  async run(context) {
    const readers = await peakWithReaders(context);
    context.progress(`500 readers: ${readers.toFixed(0)} MiB`);
    const mesh = await MeshUnderLoad.start({ ...context, proxies: 300 });
    try {
      const before = await memoryOf(mesh.server.pid);
      const slow = new Map<Pace, number>([
        ['none', 100],
        [slowBytesPerSecond, 100],
      ]);
      const felt = await calmAndDisturbed(mesh.changes, () => slowOnes(mesh, slow));
      const after = await memoryOf(mesh.server.pid);
      return [...othersFelt('300 beside 200 slow ones', felt), ...memoryFigures(before.resident, after, readers)];
    } finally {
      await mesh.stop();
    }
  },
};

function memoryFigures(
  before: number,
  after: { readonly resident: number; readonly peak: number },
  readers: number,
): readonly ScenarioFigure[] {
  return [
    told('server memory before / after, MiB', `${before.toFixed(0)} / ${after.resident.toFixed(0)}`),
    told('peak with 500 that read, MiB', readers),
    atMost('peak with 200 slow ones among 500, MiB', after.peak, readers + memoryTolerance),
  ];
}

/** The same with proxies that all read: what memory is compared with. */
async function peakWithReaders(context: ScenarioContext): Promise<number> {
  const mesh = await MeshUnderLoad.start({ ...context, proxies: 300 });
  try {
    await calmAndDisturbed(mesh.changes, () => slowOnes(mesh, new Map([['full', 200]])));
    return (await memoryOf(mesh.server.pid)).peak;
  } finally {
    await mesh.stop();
  }
}

/** Opens streams that read slowly, and goes on once the server has sent them what it can. */
async function slowOnes(mesh: MeshUnderLoad, counts: ReadonlyMap<Pace, number>): Promise<() => Promise<void>> {
  const others = await mesh.otherProxies();
  for (const [pace, count] of counts) await others.connect(count, pace);
  const all = [...counts.values()].reduce((sum, count) => sum + count, mesh.fleet.proxies.length);
  while ((await mesh.server.connections()) < all) await delay(50);
  // Their streams are open; a change that has reached everybody else shows that the server is through with their first requests.
  await mesh.changes.spread(2);
  return () => others.stop();
}
