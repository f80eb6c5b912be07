import { describe, expect, it } from 'vitest';
import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { loadProtos } from '../../envoy/protos.ts';
import type { HttpRoute } from '../../schema/virtual-service/http-route.ts';
import { faultFilterName } from '../routes/fault-filter.ts';
import { routesOf, sidecarScope, toReviews } from '../routes/route-fixtures.ts';
import { buildGrpcRoute } from './grpc-route.ts';

const protos = loadProtos();
const cluster = 'outbound|9080||reviews.default.svc.cluster.local';

function build(rule: HttpRoute): Route | undefined {
  const [route] = routesOf([rule], { scope: { ...sidecarScope, role: 'grpc' } });
  const built = buildGrpcRoute(route as Route, cluster);
  if (built !== undefined) expect(protos.check('envoy.config.route.v3.Route', built)).toEqual([]);
  return built;
}

const faultOf = (route: Route | undefined) => route?.typed_per_filter_config?.[faultFilterName];

describe('a route for proxyless gRPC', () => {
  it('keeps cluster, timeout and the retries that gRPC knows', () => {
    expect(build({ route: toReviews, timeout: '3s', rewrite: { uri: '/' }, headers: { request: { set: { a: 'b' } } } })).toEqual({
      match: { prefix: '/' },
      route: {
        cluster,
        max_stream_duration: { max_stream_duration: { seconds: '3', nanos: 0 } },
        retry_policy: { retry_on: 'unavailable,cancelled', num_retries: { value: 2 } },
      },
      metadata: expect.anything(),
    });
  });

  it('leaves out retries that gRPC would never make, and a back-off of nothing, which it refuses', () => {
    expect(build({ route: toReviews, retries: { attempts: 3, retryOn: '5xx,reset' } })?.route).not.toHaveProperty('retry_policy');
    const retries = { attempts: 3, retryOn: 'internal,5xx', backoff: '0s' };
    expect(build({ route: toReviews, retries })?.route?.retry_policy).toEqual({ retry_on: 'internal', num_retries: { value: 3 } });
    const slow = build({ route: toReviews, retries: { ...retries, backoff: '0.5s' } });
    expect(slow?.route?.retry_policy?.retry_back_off).toEqual({ base_interval: { seconds: '0', nanos: 500_000_000 } });
  });

  it('keeps of weighted destinations names and weights', () => {
    const to = (subset: string, weight: number) => ({
      destination: { host: 'reviews.default.svc.cluster.local', subset },
      weight,
      headers: { request: { set: { host: 'x' } } },
    });
    expect(build({ route: [to('v1', 80), to('v2', 20)] })?.route?.weighted_clusters).toEqual({
      clusters: [
        { name: 'outbound|9080|v1|reviews.default.svc.cluster.local', weight: { value: 80 } },
        { name: 'outbound|9080|v2|reviews.default.svc.cluster.local', weight: { value: 20 } },
      ],
    });
  });

  it('never widens a match that gRPC cannot evaluate', () => {
    expect(build({ match: [{ queryParams: { a: { exact: 'b' } } }], route: toReviews })).toBeUndefined();
    expect(buildGrpcRoute({ match: { prefix: '/', dynamic_metadata: [{ filter: 'x' }] }, route: { cluster } }, cluster)).toBeUndefined();
  });

  it('keeps headers but for POST, which every call is', () => {
    const match = [{ method: { exact: 'POST' }, headers: { user: { prefix: 'a' } } }];
    expect(build({ match, route: toReviews })?.match?.headers).toEqual([{ name: 'user', string_match: { prefix: 'a' } }]);
    expect(build({ match: [{ method: { exact: 'GET' } }], route: toReviews })?.match?.headers).toHaveLength(1);
  });

  it('says a prefix of path segments as a regular expression', () => {
    const built = buildGrpcRoute({ match: { path_separated_prefix: '/a.b' }, route: { cluster } }, cluster);
    expect(built?.match).toEqual({ safe_regex: { regex: '/a\\.b(/.*)?' } });
  });

  it('injects faults, but no abort without a percentage', () => {
    const fault = { delay: { fixedDelay: '2s', percentage: { value: 100 } }, abort: { httpStatus: 503 } };
    expect(faultOf(build({ route: toReviews, fault }))).toEqual({
      '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
      delay: { fixed_delay: { seconds: '2', nanos: 0 }, percentage: { numerator: 1_000_000, denominator: 'MILLION' } },
    });
  });

  it('does not mention filters that clients do not have', () => {
    const built = build({ route: toReviews, corsPolicy: { allowOrigins: [{ exact: '*' }] } });
    expect(built).not.toHaveProperty('typed_per_filter_config');
  });

  it.each<readonly [string, HttpRoute, object]>([
    ['an error', { directResponse: { status: 403 } }, { http_status: 403 }],
    ['a page', { directResponse: { status: 200 } }, { grpc_status: 14 }],
    ['a redirect', { redirect: { authority: 'elsewhere' } }, { grpc_status: 14 }],
  ])('answers %s by an abort, as clients refuse other actions', (_name, rule, abort) => {
    const built = build(rule);
    expect(built?.route).toEqual({ cluster });
    expect(faultOf(built)).toMatchObject({ abort: { ...abort, percentage: { numerator: 100, denominator: 'HUNDRED' } } });
    expect(built).not.toHaveProperty('redirect');
    expect(built).not.toHaveProperty('direct_response');
  });
});
