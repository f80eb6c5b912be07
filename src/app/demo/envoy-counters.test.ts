import { describe, expect, it } from 'vitest';
import { countersFilter, envoyCounters } from './envoy-counters.ts';

const cluster = 'outbound|12312|v1|register.demo.svc.cluster.local';
const stats = new Map([
  ['listener.127.0.1.20_9080.http.inbound_127.0.1.20_9080;.downstream_rq_2xx', 40],
  ['listener.127.0.1.20_9080.http.inbound_127.0.1.20_9080;.downstream_rq_5xx', 2],
  ['listener.127.0.1.20_12312.http.outbound_127.0.1.20_12312;.downstream_rq_2xx', 39],
  [`cluster.${cluster};.upstream_rq_2xx`, 30],
  [`cluster.${cluster};.upstream_rq_3xx`, 1],
  [`cluster.${cluster};.external.upstream_rq_2xx`, 30],
  ['cluster.xds-grpc;.upstream_rq_2xx', 1],
]);

describe('envoyCounters', () => {
  it('keeps listeners and clusters apart and adds up classes', () => {
    const { listeners, clusters } = envoyCounters(stats);
    expect([...listeners]).toEqual([
      ['127.0.1.20_9080', { ok: 40, failed: 2 }],
      ['127.0.1.20_12312', { ok: 39, failed: 0 }],
    ]);
    expect([...clusters]).toEqual([
      [cluster, { ok: 31, failed: 0 }],
      ['xds-grpc', { ok: 1, failed: 0 }],
    ]);
  });

  it('asks Envoy for every counter that it reads', () => {
    const filter = new RegExp(countersFilter);
    expect([...stats.keys()].filter((name) => !filter.test(name))).toEqual([]);
    expect(filter.test('listener.127.0.1.20_9080.downstream_cx_total')).toBe(false);
  });
});
