import { setTimeout as delay } from 'node:timers/promises';
import { othersFelt, p99 } from './calm-and-disturbed.ts';
import type { FleetState } from './fleet-process.ts';
import { MeshUnderLoad } from './mesh-under-load.ts';
import { cpuSecondsOf, memoryOf } from './process-figures.ts';
import { atMost, exactly, type Scenario, told } from './scenario.ts';
import type { Spread } from './spread-changes.ts';

/** Since the last scrape, in seconds. */
const loopDelay = 'coxswain_event_loop_delay_seconds';
const watchers = 100;
/** They have been there for so long that the server does not take them for newcomers. */
const settleMs = 65_000;
const newcomers = 2_000;
/** Pause between two pairs of changes meanwhile, each of which goes to all newcomers too. */
const changeEveryMs = 500;
const resourceExhausted = 8;
/** Seconds. Admission alone takes ten. */
const convergesWithin = 60;

/** 2 000 proxies connect within a second, as after a restart, with the built-in limit on new streams; a hundred are there already. */
export const connectStorm: Scenario = {
  name: 'connect-storm',
  async run(context) {
    const mesh = await MeshUnderLoad.start({ ...context, proxies: watchers, limitsStreams: true });
    try {
      await delay(settleMs);
      const calm = [await mesh.changes.spread(20), await mesh.changes.spread(20), await mesh.changes.spread(20)];
      const storm = await mesh.otherProxies();
      const before = await cpuSecondsOf(mesh.server.pid);
      await mesh.server.series(loopDelay);
      const startedMs = performance.now();
      let state: FleetState | undefined;
      let seconds = 0;
      const configured = storm.connect(newcomers, 'full', 1_000).then(() => storm.allReady());
      const arrived = configured.then((last) => {
        state = last;
        seconds = (performance.now() - startedMs) / 1000;
      });
      const meanwhile: Spread[] = [];
      while (state === undefined) {
        meanwhile.push(await mesh.changes.spread(2));
        await delay(changeEveryMs);
      }
      await arrived;
      const delays = [...(await mesh.server.series(loopDelay))].filter(([series]) => !series.includes('"0.5"'));
      const cpu = (await cpuSecondsOf(mesh.server.pid)) - before;
      const crowded = await mesh.changes.spread(20);
      const { holding } = await holdingAll(storm, mesh.changes.lastAddress);
      const { peak } = await memoryOf(mesh.server.pid);
      return [
        atMost('all 2 000 configured, s', seconds, convergesWithin),
        told('refused and come back later', (state as FleetState).ended[resourceExhausted] ?? 0),
        told('server CPU until then, s', cpu),
        told('peak memory, MiB', peak),
        ...othersFelt('the 100 that were there', { calm, disturbed: meanwhile }),
        told('the 100 that were there: the same beside 2 000 that are configured, ms', p99([crowded]).toFixed(0)),
        told('event loop held up, p99 / longest, ms', delays.map(([, delayed]) => (1000 * delayed).toFixed(0)).join(' / ')),
        exactly('newcomers that hold the last change', holding, newcomers),
      ];
    } finally {
      await mesh.stop();
    }
  },
};

/** The state once everybody holds the mark, or after a while the state as it is. */
async function holdingAll(storm: { readonly look: (mark: string) => Promise<FleetState> }, mark: string): Promise<FleetState> {
  const end = performance.now() + 30_000;
  for (;;) {
    const state = await storm.look(mark);
    if (state.holding === state.proxies || performance.now() > end) return state;
  }
}
