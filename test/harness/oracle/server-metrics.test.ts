import { expect, test } from 'vitest';
import { CpuShare } from './cpu-share.ts';
import { ServerMetrics } from './server-metrics.ts';

function serverWith(delays: readonly number[], programPid: number | undefined) {
  const left = [...delays];
  const name = 'coxswain_event_loop_delay_seconds';
  const get = async () => new Response(`# HELP ${name} x\n# TYPE ${name} gauge\n${name}{quantile="0.99"} ${left.shift()}\n`);
  return { get, programPid };
}

test('a loop that was held up is told of, until that is forgotten', async () => {
  const metrics = new ServerMetrics(serverWith([0.7, 0.02], undefined));
  await metrics.text();
  expect(metrics.delay()).toBe(0.7);
  metrics.forgetDelays();
  await metrics.text();
  expect(metrics.delay()).toBe(0.02);
});

test('a process has all of a processor or less; of one that is not known nothing is excused', () => {
  const own = new CpuShare(process.pid);
  const end = process.cpuUsage().user + 50_000;
  while (process.cpuUsage().user < end);
  const share = own.sinceLast();
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThanOrEqual(1);
  expect(new CpuShare(undefined).sinceLast()).toBe(1);
});
