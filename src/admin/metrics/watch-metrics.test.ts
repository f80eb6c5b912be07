import { Registry } from 'prom-client';
import { expect, it } from 'vitest';
import { parsePrometheusText } from '../../../test/harness/prometheus-text.ts';
import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import { addWatchMetrics } from './watch-metrics.ts';

const pods: ListWatchStatus = {
  kind: 'Pod',
  apiVersion: 'v1',
  state: 'Watching',
  hasSynced: true,
  objects: 5,
  lists: 2,
  watches: 3,
  events: 40,
  errors: 1,
  failures: 0,
  shrinks: 1,
  heardAt: 90_500,
  lagMs: 1_500,
};

it('says of each kind how its watch is', async () => {
  const registry = new Registry();
  let watches: readonly ListWatchStatus[] = [pods];
  addWatchMetrics(registry, () => watches);
  const samples = async () => new Map([...parsePrometheusText(await registry.metrics()).values()].flatMap((metric) => [...metric.samples]));
  const first = await samples();
  expect(first.get('coxswain_kube_watch_state{kind="Pod",state="Watching"}')).toBe(1);
  expect(first.get('coxswain_kube_watch_state{kind="Pod",state="Waiting"}')).toBe(0);
  expect(first.get('coxswain_kube_watch_lag_seconds{kind="Pod"}')).toBe(1.5);
  expect(first.get('coxswain_kube_watch_heard_seconds{kind="Pod"}')).toBe(90.5);
  expect(first.get('coxswain_kube_lists_total{kind="Pod"}')).toBe(2);
  expect(first.get('coxswain_kube_watch_errors_total{kind="Pod"}')).toBe(1);
  watches = [{ ...pods, state: 'Waiting', objects: 7 }];
  const second = await samples();
  expect(second.get('coxswain_kube_watch_state{kind="Pod",state="Watching"}')).toBe(0);
  expect(second.get('coxswain_kube_watch_state{kind="Pod",state="Waiting"}')).toBe(1);
  expect(second.get('coxswain_kube_objects{kind="Pod"}')).toBe(7);
});
