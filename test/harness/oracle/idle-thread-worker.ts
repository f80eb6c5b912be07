import { monitorEventLoopDelay } from 'node:perf_hooks';
import { parentPort } from 'node:worker_threads';

/** As often as the control plane looks at its own loop. */
const lookEveryMs = 100;

const delays = monitorEventLoopDelay({ resolution: lookEveryMs });
delays.enable();
parentPort?.on('message', (what: 'tell' | 'forget') => {
  if (what === 'forget') delays.reset();
  else parentPort?.postMessage(Math.max(0, delays.percentile(99) / 1e9 - lookEveryMs / 1000));
});
