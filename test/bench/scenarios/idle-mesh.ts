import { setTimeout as delay } from 'node:timers/promises';
import { MeshUnderLoad } from './mesh-under-load.ts';
import { cpuSecondsOf } from './process-figures.ts';
import { atMost, exactly, type Scenario } from './scenario.ts';

/** Until V8 has given back what the first configuration left, which it takes its time for. */
const settleMs = 30_000;
/** CPU seconds in a second: below what a tool shows as 0.2 %. */
const idleShare = 0.002;

/** Nothing happens to a hundred proxies. */
export const idleMesh: Scenario = {
  name: 'idle-mesh',
  async run({ seconds, ...context }) {
    const mesh = await MeshUnderLoad.start({ ...context, proxies: 100 });
    try {
      await delay(settleMs);
      const pushes = await mesh.server.metric('pilot_xds_pushes');
      await delay(1_000);
      const before = await cpuSecondsOf(mesh.server.pid);
      await delay(seconds * 1000);
      const cpu = (await cpuSecondsOf(mesh.server.pid)) - before;
      return [
        exactly('pushes', (await mesh.server.metric('pilot_xds_pushes')) - pushes, 0),
        atMost(`server CPU in ${seconds} s, s`, cpu, seconds * idleShare),
      ];
    } finally {
      await mesh.stop();
    }
  },
};
