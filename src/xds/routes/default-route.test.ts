import { describe, expect, it } from 'vitest';
import { loadProtos } from '../../envoy/protos.ts';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import { buildDefaultRoutes, buildInboundRoute } from './default-route.ts';
import { buildInboundRouteConfig } from './inbound-route-config.ts';
import { reviews } from './route-fixtures.ts';

const protos = loadProtos();
const zero = { seconds: '0', nanos: 0 };

describe('buildDefaultRoutes', () => {
  it('sends everything to the cluster, with retries and without timeout', () => {
    const [route, ...rest] = buildDefaultRoutes(reviews, 9080, undefined, testSettings);
    expect(rest).toEqual([]);
    expect(route).toMatchObject({
      name: 'default',
      match: { prefix: '/' },
      route: { cluster: `outbound|9080||${reviews}`, timeout: zero, max_grpc_timeout: zero, retry_policy: { num_retries: { value: 2 } } },
      decorator: { operation: `${reviews}:9080/*` },
    });
    expect(route?.metadata).toBeUndefined();
    expect(protos.check('envoy.config.route.v3.Route', route ?? {})).toEqual([]);
  });

  it('takes the hash of the DestinationRule and the retries of the mesh', () => {
    const settings = { config: { defaultHttpRetryPolicy: { attempts: 0 } } };
    const [route] = buildDefaultRoutes(reviews, 9080, { httpHeaderName: 'x' }, settings);
    expect(route?.route?.hash_policy).toEqual([{ header: { header_name: 'x' } }]);
    expect(route?.route?.retry_policy).toBeUndefined();
  });
});

describe('inbound', () => {
  const input = { clusterName: 'inbound|8080||', hostname: reviews, port: 80, protocol: 'HTTP' } as const;

  it('has no timeout of any kind', () => {
    expect(buildInboundRoute(input)).toEqual({
      name: 'default',
      match: { prefix: '/' },
      route: {
        cluster: 'inbound|8080||',
        timeout: zero,
        max_stream_duration: { max_stream_duration: zero, grpc_timeout_header_max: zero },
        retry_policy: { retry_on: 'reset-before-request', num_retries: { value: 2 } },
      },
      decorator: { operation: `${reviews}:80/*` },
    });
  });

  it.each(['GRPC', 'GRPC-Web'] as const)('%s is not retried', (protocol) => {
    expect(buildInboundRoute({ ...input, protocol }).route?.retry_policy).toBeUndefined();
  });

  it('one virtual host named after the service port, in a table named after the cluster', () => {
    const table = buildInboundRouteConfig(input);
    expect(table).toMatchObject({
      name: 'inbound|8080||',
      virtual_hosts: [{ name: 'inbound|http|80', domains: ['*'] }],
      validate_clusters: { value: false },
    });
    expect(protos.check('envoy.config.route.v3.RouteConfiguration', table)).toEqual([]);
  });

  it('a dynamically resolved service answers to its own name alone', () => {
    const table = buildInboundRouteConfig(input, { hostname: '*.foo.com', resolution: 'DynamicDNS' });
    expect(table.virtual_hosts?.[0]?.domains).toEqual(['*.foo.com']);
  });
});
