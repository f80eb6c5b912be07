import { describe, expect, it } from 'vitest';
import { istioMetrics } from './istio-metrics.ts';
import { parseLabels } from './label-set.ts';

const own = 'web-v1;shop;web;v1;Kubernetes';
const service = String.raw`service="[{\"host\":\"reviews.shop.svc.cluster.local\",\"name\":\"reviews\",\"namespace\":\"shop\"}]"`;
const request = `${service},response_code="200",grpc_response_status="",response_flags="-"`;
const source = `reporter="source",peer="reviews-v2;shop;reviews;;far",${request}`;

/** Labels of the one line that says something. */
function labels(line: string): Readonly<Record<string, string>> {
  const text = istioMetrics(line, own);
  return Object.fromEntries(parseLabels(text.slice(text.indexOf('{') + 1, text.lastIndexOf('}'))));
}

describe("Istio's metrics out of a stock Envoy's", () => {
  it('bear the names of Istio, and leave others alone', () => {
    const lines = [
      '# TYPE envoy_istio_requests_total counter',
      `envoy_istio_requests_total{${source}} 3`,
      '# TYPE envoy_server_live gauge',
      'envoy_server_live{} 1',
      '',
    ];
    const [type, sample, ...others] = istioMetrics(lines.join('\n'), own).split('\n');
    expect(type).toBe('# TYPE istio_requests_total counter');
    expect(sample).toMatch(/^istio_requests_total\{reporter="source",.*\} 3$/);
    expect(others).toEqual(lines.slice(2));
  });

  it('say who calls whom, from the side that counted', () => {
    expect(labels(`envoy_istio_requests_total{${source}} 1`)).toMatchObject({
      source_workload: 'web-v1',
      source_canonical_revision: 'v1',
      destination_workload: 'reviews-v2',
      destination_workload_namespace: 'shop',
      destination_canonical_service: 'reviews',
      destination_canonical_revision: 'latest',
      destination_cluster: 'far',
      destination_service: 'reviews.shop.svc.cluster.local',
      destination_service_name: 'reviews',
      destination_service_namespace: 'shop',
      request_protocol: 'http',
    });
    const received = `reporter="destination",connection_security_policy="mutual_tls",peer="a;b;c;d;e",source_principal="spiffe://x",${request}`;
    expect(labels(`envoy_istio_requests_total{${received}} 1`)).toMatchObject({
      reporter: 'destination',
      source_workload: 'a',
      source_cluster: 'e',
      source_principal: 'spiffe://x',
      destination_workload: 'web-v1',
      connection_security_policy: 'mutual_tls',
    });
  });

  it('have every label, and say unknown where nobody knows', () => {
    const known = labels('envoy_istio_requests_total{reporter="destination",service="",response_code="0",response_flags=""} 1');
    expect(Object.keys(known)).toHaveLength(21);
    expect(known).toMatchObject({
      source_workload: 'unknown',
      source_canonical_revision: 'unknown',
      source_principal: 'unknown',
      destination_service: 'unknown',
      connection_security_policy: 'unknown',
      response_flags: '-',
    });
  });

  it('tell gRPC and connections from plain requests', () => {
    expect(labels('envoy_istio_requests_total{reporter="source",grpc_response_status="5"} 1')).toMatchObject({
      request_protocol: 'grpc',
      grpc_response_status: '5',
    });
    const tcp = labels('envoy_istio_tcp_sent_bytes_total{reporter="source",request_protocol="tcp"} 1');
    expect(tcp).toMatchObject({ request_protocol: 'tcp' });
    expect(tcp).not.toHaveProperty('response_code');
  });

  it('lack what a user took away, and have what one added', () => {
    const changed = labels(`envoy_istio_requests_total{${source},team="a",removed="destination_workload,response_flags"} 1`);
    expect(changed).toMatchObject({ team: 'a' });
    for (const name of ['destination_workload', 'response_flags', 'removed', 'peer', 'service']) expect(changed).not.toHaveProperty(name);
  });

  it('add up what became equal, bucket by bucket', () => {
    const of = (peer: string, le: string) =>
      `envoy_istio_x_bucket{reporter="source",peer="${peer}",removed="destination_workload",le="${le}"}`;
    const text = istioMetrics(
      [`${of('a;n;s;;c', '1')} 2`, `${of('a;n;s;;c', '+Inf')} 3`, `${of('b;n;s;;c', '1')} 5`, `${of('b;n;s;;c', '+Inf')} 7`].join('\n'),
      own,
    );
    expect(text.split('\n').map((line) => line.replace(/\{.*(le="[^"]*")\}/, '{$1}'))).toEqual([
      'istio_x_bucket{le="1"} 7',
      'istio_x_bucket{le="+Inf"} 10',
    ]);
  });
});
