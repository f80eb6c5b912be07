import { Registry } from 'prom-client';
import { describe, expect, it } from 'vitest';
import { parsePrometheusText } from '../../../test/harness/prometheus-text.ts';
import type { ConnectionStatus } from '../../discovery/connection-status.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import { Engine } from '../../incremental/engine.ts';
import { FakeClock } from '../../lib/fake-clock.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import { inboundUpdateCounter, rejectedConfigCounter } from './config-metrics.ts';
import { addEngineMetrics } from './engine-metrics.ts';
import { addProcessMetrics } from './process-metrics.ts';
import { addProxyMetrics } from './proxy-metrics.ts';
import { pushMetrics } from './push-metrics.ts';

const scrape = async (registry: Registry) => parsePrometheusText(await registry.metrics());
const values = async (registry: Registry, name: string) => Object.fromEntries((await scrape(registry)).get(name)?.samples ?? []);

describe('what the discovery server counts', () => {
  it('counts pushes and their bytes by type', async () => {
    const registry = new Registry();
    const metrics = pushMetrics(registry);
    metrics.pushed('cds', 5_000);
    metrics.pushed('cds', 50_000);
    metrics.pushed('eds', 50);
    expect(await values(registry, 'pilot_xds_pushes')).toEqual({ 'pilot_xds_pushes{type="cds"}': 2, 'pilot_xds_pushes{type="eds"}': 1 });
    expect(await values(registry, 'pilot_xds_config_size_bytes')).toMatchObject({
      'pilot_xds_config_size_bytes_bucket{le="10000",type="cds"}': 1,
      'pilot_xds_config_size_bytes_bucket{le="1000000",type="cds"}': 2,
      'pilot_xds_config_size_bytes_sum{type="cds"}': 55_000,
    });
    expect(await values(registry, 'coxswain_push_bytes')).toMatchObject({ 'coxswain_push_bytes_bucket{le="100",type="eds"}': 1 });
  });

  it('counts rejections by type, and by name of the proxy', async () => {
    const registry = new Registry();
    const metrics = pushMetrics(registry);
    metrics.rejected('lds');
    metrics.rejectedBy('sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local', typeUrls.LDS);
    metrics.rejectedBy('sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local', typeUrls.ECDS);
    expect(await values(registry, 'pilot_total_xds_rejects')).toEqual({ 'pilot_total_xds_rejects{type="lds"}': 1 });
    expect(await values(registry, 'pilot_xds_lds_reject')).toEqual({ 'pilot_xds_lds_reject{node="web-1.shop"}': 1 });
  });

  it('turns milliseconds into seconds', async () => {
    const registry = new Registry();
    const metrics = pushMetrics(registry);
    metrics.converged(150);
    metrics.queued(3);
    expect(await values(registry, 'pilot_proxy_convergence_time')).toMatchObject({
      'pilot_proxy_convergence_time_bucket{le="0.1"}': 0,
      'pilot_proxy_convergence_time_bucket{le="0.5"}': 1,
      'pilot_proxy_convergence_time_sum{}': 0.15,
    });
    expect(await values(registry, 'pilot_proxy_queue_time')).toMatchObject({ 'pilot_proxy_queue_time_bucket{le="0.005"}': 1 });
  });

  it('counts the rest', async () => {
    const registry = new Registry();
    const metrics = pushMetrics(registry);
    metrics.nonceExpired('rds');
    metrics.sourceFailed('cds');
    metrics.writeTimedOut();
    metrics.refused('rate limit');
    expect(await values(registry, 'pilot_xds_expired_nonce')).toEqual({ 'pilot_xds_expired_nonce{type="rds"}': 1 });
    expect(await values(registry, 'pilot_total_xds_internal_errors')).toEqual({ 'pilot_total_xds_internal_errors{}': 1 });
    expect(await values(registry, 'pilot_xds_write_timeout')).toEqual({ 'pilot_xds_write_timeout{}': 1 });
    expect(await values(registry, 'coxswain_refused_streams_total')).toEqual({ 'coxswain_refused_streams_total{reason="rate limit"}': 1 });
  });
});

function connected(istioVersion: string, views: Readonly<Record<string, string>>): ConnectedProxy {
  const watches = Object.entries(views).map(([typeUrl, viewKey]) => ({ typeUrl, viewKey }));
  return { proxy: { istioVersion }, connection: { watches } as unknown as ConnectionStatus } as unknown as ConnectedProxy;
}

it('counts proxies, and every view once', async () => {
  const registry = new Registry();
  let proxies = [
    connected('1.28.0', { [typeUrls.CDS]: 'Cluster-1', [typeUrls.LDS]: 'Listener-1' }),
    connected('1.28.0', { [typeUrls.CDS]: 'Cluster-1', [typeUrls.LDS]: 'Listener-2' }),
    connected('', { [typeUrls.CDS]: 'Cluster-1' }),
  ];
  addProxyMetrics(registry, () => proxies);
  expect(await values(registry, 'pilot_xds')).toEqual({ 'pilot_xds{version="1.28.0"}': 2, 'pilot_xds{version="unknown"}': 1 });
  expect(await values(registry, 'coxswain_proxies')).toEqual({ 'coxswain_proxies{}': 3 });
  expect(await values(registry, 'coxswain_views')).toEqual({ 'coxswain_views{type="cds"}': 1, 'coxswain_views{type="lds"}': 2 });
  expect(await values(registry, 'coxswain_views_per_proxy')).toEqual({ 'coxswain_views_per_proxy{}': 1 });
  expect(await values(registry, 'coxswain_streams_without_clusters')).toEqual({ 'coxswain_streams_without_clusters{}': 0 });
  proxies = [
    connected('', { [typeUrls.EDS]: 'Endpoints-1' }),
    connected('', { [typeUrls.EDS]: 'Endpoints-1', [typeUrls.CDS]: 'Cluster-1' }),
  ];
  expect(await values(registry, 'coxswain_streams_without_clusters')).toEqual({ 'coxswain_streams_without_clusters{}': 1 });
  proxies = [];
  expect((await values(registry, 'coxswain_proxies'))['coxswain_proxies{}']).toBe(0);
  expect(await values(registry, 'pilot_xds')).toEqual({});
});

it('counts changes and what they cost', async () => {
  const registry = new Registry();
  const engine = new Engine();
  const input = engine.input(1);
  const double = engine.derived((read) => read(input) * 2);
  const release = engine.observe(double, () => undefined);
  addEngineMetrics(registry, engine);
  const before = (await values(registry, 'coxswain_recomputed_cells_total'))['coxswain_recomputed_cells_total{}'] ?? Number.NaN;
  input.set(2);
  double.get();
  expect(await values(registry, 'coxswain_recomputed_cells_total')).toEqual({ 'coxswain_recomputed_cells_total{}': before + 1 });
  expect(await values(registry, 'coxswain_changes_total')).toEqual({ 'coxswain_changes_total{}': engine.revision });
  release();
});

it('says what runs, for how long, and how late its timers are', async () => {
  const registry = new Registry();
  const clock = new FakeClock();
  addProcessMetrics(registry, clock, { version: '1.2.3', revision: 'abc', status: 'Clean', tag: '1.2.3', runtime: 'node' });
  clock.advance(5_000);
  const metrics = await scrape(registry);
  expect(Object.fromEntries(metrics.get('istiod_uptime_seconds')?.samples ?? [])).toEqual({ 'istiod_uptime_seconds{}': 5 });
  expect([...(metrics.get('pilot_info')?.samples ?? [])]).toEqual([['pilot_info{version="1.2.3-abc-Clean"}', 1]]);
  expect([...(metrics.get('istio_build')?.samples ?? [])]).toEqual([['istio_build{component="pilot",tag="1.2.3"}', 1]]);
  expect([...(metrics.get('coxswain_event_loop_delay_seconds')?.samples.keys() ?? [])]).toEqual(
    ['0.5', '0.99', '1'].map((quantile) => `coxswain_event_loop_delay_seconds{quantile="${quantile}"}`),
  );
  for (const name of ['process_cpu_seconds_total', 'process_resident_memory_bytes', 'nodejs_version_info'])
    expect(metrics.has(name)).toBe(true);
});

it('counts updates by type, and rejected objects but not warnings', async () => {
  const registry = new Registry();
  const update = inboundUpdateCounter(registry);
  update('svc');
  update('svc');
  update('eds');
  const rejected = rejectedConfigCounter(registry);
  const object = { kind: 'Gateway', namespace: 'shop', name: 'front' };
  rejected({ code: 'IST0101', severity: 'error', message: 'wrong', object });
  rejected({ code: 'IST0102', severity: 'warning', message: 'odd', object });
  rejected({ code: 'CXS0001', severity: 'error', message: 'no object' });
  expect(await values(registry, 'pilot_inbound_updates')).toEqual({
    'pilot_inbound_updates{type="svc"}': 2,
    'pilot_inbound_updates{type="eds"}': 1,
  });
  expect(await values(registry, 'pilot_total_rejected_configs')).toEqual({
    'pilot_total_rejected_configs{type="gateway",name="shop/front"}': 1,
  });
});
