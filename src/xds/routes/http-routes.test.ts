import { describe, expect, it } from 'vitest';
import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { gatewaySemantics, testSettings, virtualService } from '../../mesh/routing/routing-fixtures.ts';
import type { HttpMatch } from '../../schema/virtual-service/http-match.ts';
import type { HttpRoute } from '../../schema/virtual-service/http-route.ts';
import { buildHttpRoutes } from './http-routes.ts';
import { reviews, routeOf, routesOf, service, toReviews } from './route-fixtures.ts';
import type { HttpRouteInput } from './route-input.ts';

const protos = loadProtos();
const zero = { seconds: '0', nanos: 0 };
const defaultRetries = {
  retry_on: 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes',
  num_retries: { value: 2 },
  host_selection_retry_max_attempts: '5',
  retry_host_predicate: [
    {
      name: 'envoy.retry_host_predicates.previous_hosts',
      typed_config: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
    },
  ],
};

it('a plain rule becomes what istiod makes of it', () => {
  expect(routeOf({ route: toReviews })).toEqual({
    match: { prefix: '/' },
    route: {
      cluster: `outbound|9080||${reviews}`,
      timeout: zero,
      max_grpc_timeout: zero,
      retry_policy: defaultRetries,
    },
    metadata: {
      filter_metadata: {
        istio: {
          fields: {
            config: { stringValue: '/apis/networking.istio.io/v1/namespaces/default/virtual-service/vs' },
            rule: { stringValue: 'http[0]' },
          },
        },
      },
    },
    decorator: { operation: `${reviews}:9080/*` },
  });
});

describe('which rules and matches become routes', () => {
  const named = (routes: { name?: string }[]) => routes.map(({ name }) => name);

  it('one route per match, named rule.match; nothing behind a route that takes everything', () => {
    const rules: HttpRoute[] = [
      { name: 'a', match: [{ name: 'x', uri: { prefix: '/x' } }, { uri: { prefix: '/y' } }], route: toReviews },
      { name: 'b', match: [{ uri: { prefix: '/' } }, { uri: { prefix: '/never' } }], route: toReviews },
      { name: 'c', route: toReviews },
    ];
    expect(named(routesOf(rules))).toEqual(['a.x', 'a', 'b']);
  });

  it('a rule without match ends the list even where a later one would fit', () => {
    expect(
      named(
        routesOf([
          { name: 'a', route: toReviews },
          { name: 'b', match: [{ uri: { exact: '/b' } }], route: toReviews },
        ]),
      ),
    ).toEqual(['a']);
  });

  it('each knows its rule', () => {
    const input = {
      virtualService: virtualService({ hosts: ['a'], http: [{ match: [{ port: 1 }] }, { route: toReviews }] }),
      listenerPort: 80,
      gateways: new Set(['mesh']),
      scope: { role: 'sidecar', namespace: 'default', labels: {} },
      findService: () => undefined,
      findRule: () => undefined,
      settings: testSettings,
    } satisfies HttpRouteInput;
    const ruleOf = ({ metadata }: Route) => metadata?.filter_metadata?.['istio']?.fields?.['rule']?.stringValue;
    expect(buildHttpRoutes(input).map(ruleOf)).toEqual(['http[1]']);
  });

  it.each<[string, HttpMatch, boolean]>([
    ['port of the listener', { port: 9080 }, true],
    ['other port', { port: 80 }, false],
    ['own label', { sourceLabels: { app: 'web' } }, true],
    ['other label', { sourceLabels: { app: 'x' } }, false],
    ['own namespace', { sourceNamespace: 'default' }, true],
    ['other namespace', { sourceNamespace: 'x' }, false],
    ['mesh', { gateways: ['mesh'] }, true],
    ['other gateway', { gateways: ['gw'] }, false],
    ['labels do not count beside gateways', { gateways: ['mesh'], sourceLabels: { app: 'x' }, sourceNamespace: 'x' }, true],
  ])('%s', (_, match, applies) => {
    expect(routesOf([{ match: [{ uri: { exact: '/a' }, ...match }], route: toReviews }])).toHaveLength(applies ? 1 : 0);
  });
});

describe('destinations', () => {
  const clusterOf = (rule: HttpRoute, input?: Partial<HttpRouteInput>) => routeOf(rule, input).route?.cluster;
  const two = service(reviews, { 80: 'HTTP', 9080: 'HTTP' });
  const other = service(reviews, { 80: 'HTTP' });

  it("without port: on sidecars the listener's, on gateways the service's only one", () => {
    const gateway = { gateways: new Set(['default/gw']) };
    expect(clusterOf({ route: toReviews }, { findService: () => two })).toBe(`outbound|9080||${reviews}`);
    expect(clusterOf({ route: toReviews }, { findService: () => other })).toBe(`outbound|9080||${reviews}`);
    expect(clusterOf({ route: toReviews }, { findService: () => other, ...gateway })).toBe(`outbound|80||${reviews}`);
    expect(clusterOf({ route: toReviews }, { findService: () => two, ...gateway })).toBe(`outbound|9080||${reviews}`);
  });

  it('port and subset as said; an alias leads to the host behind it; an empty host to UnknownService', () => {
    const destination = { host: 'reviews', subset: 'v1', port: { number: 1 } };
    expect(clusterOf({ route: [{ destination }] })).toBe(`outbound|1|v1|${reviews}`);
    const alias = service(reviews, { 9080: 'HTTP' }, { resolution: 'Alias', externalName: 'real.com' });
    expect(clusterOf({ route: toReviews }, { findService: () => alias })).toBe('outbound|9080||real.com');
    expect(clusterOf({ route: [{ destination: { host: '' } }] })).toBe('UnknownService');
  });

  it('several by weight, those of weight 0 left out, with headers and host of their own', () => {
    const route = routeOf({
      route: [
        { destination: { host: 'a.com' }, weight: 30, headers: { request: { set: { x: '1', Host: 'h.com' } } } },
        { destination: { host: 'b.com' }, weight: 0 },
        { destination: { host: 'c.com' }, weight: 70, headers: { response: { remove: ['y', ':status'] } } },
      ],
    });
    expect(route.route?.weighted_clusters?.clusters).toEqual([
      {
        name: 'outbound|9080||a.com',
        weight: { value: 30 },
        request_headers_to_add: [{ header: { key: 'x', value: '1' }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' }],
        host_rewrite_literal: 'h.com',
      },
      { name: 'outbound|9080||c.com', weight: { value: 70 }, response_headers_to_remove: ['y'] },
    ]);
    expect(route.decorator?.operation).toBe('vs:9080/*');
  });

  it('a single destination of weight 0 counts; several that are all 0 answer 503 instead of breaking the table', () => {
    expect(clusterOf({ route: [{ destination: { host: 'a.com' }, weight: 0 }] })).toBe('outbound|9080||a.com');
    const zeros = routeOf({ route: [{ destination: { host: 'a.com' }, weight: 0 }, { destination: { host: 'b.com' } }] });
    expect(zeros.direct_response).toEqual({ status: 503 });
    expect(zeros.route).toBeUndefined();
  });

  it('a missing cluster is a 500 for the Gateway API', () => {
    const http = [{ route: [{ destination: { host: 'a.com' } }] }];
    const [route] = routesOf(http, { virtualService: virtualService({ hosts: ['a.com'], http }, { annotations: gatewaySemantics }) });
    expect(route?.route?.cluster_not_found_response_code).toBe('INTERNAL_SERVER_ERROR');
  });
});

describe('headers and host', () => {
  it("the rule's before the destination's, set before add, each by name", () => {
    const route = routeOf({
      headers: {
        request: { set: { b: '1', a: '2', ':path': 'no' }, add: { c: '3' }, remove: ['r1', 'Host'] },
        response: { add: { d: '4' } },
      },
      route: [{ destination: { host: 'a.com' }, headers: { request: { add: { e: '5' }, remove: ['r2'] }, response: { remove: ['r3'] } } }],
    });
    const keys = (options?: readonly { header?: { key?: string } | null; append_action?: unknown }[]) =>
      options?.map(({ header, append_action }) => `${append_action === undefined ? '+' : '='}${header?.key}`);
    expect(keys(route.request_headers_to_add)).toEqual(['=a', '=b', '+c', '+e']);
    expect(keys(route.response_headers_to_add)).toEqual(['+d']);
    expect(route.request_headers_to_remove).toEqual(['r1', 'r2']);
    expect(route.response_headers_to_remove).toEqual(['r3']);
  });

  const hosts = (rewrite: string, rule: string, destination: string): HttpRoute => ({
    ...(rewrite && { rewrite: { authority: rewrite } }),
    ...(rule && { headers: { request: { set: { ':authority': rule } } } }),
    route: [{ destination: { host: 'a.com' }, ...(destination && { headers: { request: { set: { host: destination } } } }) }],
  });
  it.each([
    ['rewrite wins', hosts('w', 'r', 'd'), 'w'],
    ['then the rule', hosts('', 'r', 'd'), 'r'],
    ['then the destination', hosts('', '', 'd'), 'd'],
    ['nothing said', hosts('', '', ''), undefined],
  ])('host: %s', (_, rule, expected) => {
    expect(routeOf(rule).route?.host_rewrite_literal).toBe(expected);
  });

  it('advertises HTTP/3 last', () => {
    const added = routeOf({ headers: { response: { add: { a: '1' } } }, route: toReviews }, { isHttp3: true }).response_headers_to_add;
    expect(added?.[1]).toEqual({ header: { key: 'alt-svc', value: 'h3=":9080"; ma=86400' } });
  });
});

describe('rewrite', () => {
  it.each([
    ['prefix', { uri: '/v2' }, { prefix_rewrite: '/v2' }],
    [
      'regex',
      { uri: '/no', uriRegexRewrite: { match: '^/a(.*)', rewrite: '\\1' } },
      { regex_rewrite: { pattern: { regex: '^/a(.*)' }, substitution: '\\1' } },
    ],
  ])('%s', (_, rewrite, expected) => {
    const action = routeOf({ rewrite, route: toReviews }).route;
    expect(action).toMatchObject(expected);
    expect(action?.append_x_forwarded_host).toBeUndefined();
  });

  it('the Gateway API takes a prefix away by regex', () => {
    const http = [{ match: [{ uri: { prefix: '/a.b/' } }], rewrite: { uri: '/' }, route: toReviews }];
    const [route] = routesOf(http, { virtualService: virtualService({ hosts: ['a.com'], http }, { annotations: gatewaySemantics }) });
    expect(route?.match?.path_separated_prefix).toBe('/a.b');
    expect(route?.route?.regex_rewrite).toEqual({ pattern: { regex: '^/a\\.b(/?)(.*)' }, substitution: '/\\2' });
  });

  it('x-forwarded-host where the mesh wants it', () => {
    const settings = { ...testSettings, config: { defaultConfig: { proxyHeaders: { xForwardedHost: { enabled: true } } } } };
    expect(routeOf({ rewrite: { authority: 'a' }, route: toReviews }, { settings }).route?.append_x_forwarded_host).toBe(true);
    expect(routeOf({ route: toReviews }, { settings }).route?.append_x_forwarded_host).toBeUndefined();
  });
});

describe('timeout, mirrors, filters, span names', () => {
  it('a timeout bounds gRPC too; proxyless gRPC reads another field', () => {
    expect(routeOf({ timeout: '1.5s', route: toReviews }).route).toMatchObject({
      timeout: { seconds: '1', nanos: 500_000_000 },
      max_grpc_timeout: { seconds: '1', nanos: 500_000_000 },
    });
    const grpc = routeOf({ timeout: '2s', route: toReviews }, { scope: { role: 'grpc', namespace: 'default', labels: {} } }).route;
    expect(grpc?.max_stream_duration).toEqual({ max_stream_duration: { seconds: '2', nanos: 0 } });
    expect(grpc?.max_grpc_timeout).toBeUndefined();
  });

  it('mirrors: `mirror` first; no percentage is all of it, zero is none', () => {
    const policies = routeOf({
      route: toReviews,
      mirror: { host: 'm.com', subset: 'v2' },
      mirrorPercentage: { value: 0.5 },
      mirrors: [{ destination: { host: 'n.com' } }, { destination: { host: 'o.com' }, percentage: { value: 0 } }],
    }).route?.request_mirror_policies;
    expect(policies).toEqual([
      {
        cluster: 'outbound|9080|v2|m.com',
        runtime_fraction: { default_value: { numerator: 5000, denominator: 'MILLION' } },
        trace_sampled: { value: false },
        disable_shadow_host_suffix_append: true,
      },
      {
        cluster: 'outbound|9080||n.com',
        runtime_fraction: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
        trace_sampled: { value: false },
        disable_shadow_host_suffix_append: true,
      },
    ]);
    expect(routeOf({ route: toReviews, mirror: { host: 'm.com' }, mirrorPercent: 0 }).route?.request_mirror_policies).toBeUndefined();
  });

  it('fault and CORS become settings of their filters', () => {
    const route = routeOf({
      route: toReviews,
      fault: { delay: { fixedDelay: '5s', percentage: { value: 0.1 } }, abort: { grpcStatus: 'UNAVAILABLE', percentage: { value: 100 } } },
      corsPolicy: {
        allowOrigins: [{ exact: 'https://a.com' }, { regex: '.*b' }],
        allowMethods: ['GET', 'PUT'],
        maxAge: '24h',
        allowCredentials: true,
        unmatchedPreflights: 'IGNORE',
      },
    });
    expect(route.typed_per_filter_config).toEqual({
      'envoy.filters.http.fault': {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
        delay: { fixed_delay: { seconds: '5', nanos: 0 }, percentage: { numerator: 1000, denominator: 'MILLION' } },
        abort: { grpc_status: 14, percentage: { numerator: 1_000_000, denominator: 'MILLION' } },
      },
      'envoy.filters.http.cors': {
        '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
        allow_origin_string_match: [{ exact: 'https://a.com' }, { safe_regex: { regex: '.*b' } }],
        allow_methods: 'GET,PUT',
        max_age: '86400',
        allow_credentials: { value: true },
        filter_enabled: { default_value: { numerator: 100, denominator: 'HUNDRED' } },
        forward_not_matching_preflights: { value: false },
      },
    });
  });

  it.each<[string, HttpRoute['fault'], unknown]>([
    ['percent of old', { delay: { fixedDelay: '1s', percent: 7 } }, { delay: { percentage: { numerator: 7, denominator: 'HUNDRED' } } }],
    ['status', { abort: { httpStatus: 404 } }, { abort: { http_status: 404 } }],
    ['what Envoy cannot inject', { delay: { exponentialDelay: '1s' }, abort: { http2Error: 'x' } }, undefined],
  ])('fault: %s', (_, fault, expected) => {
    const config = routeOf({ route: toReviews, ...(fault && { fault }) }).typed_per_filter_config?.['envoy.filters.http.fault'];
    if (expected === undefined) expect(config).toBeUndefined();
    else expect(config).toMatchObject(expected as object);
  });

  it.each<[HttpMatch, string]>([
    [{ uri: { prefix: '/a' } }, '/a*'],
    [{ uri: { exact: '/a' } }, '/a'],
    [{ uri: { regex: '/a.+' } }, '/a.+'],
  ])('span of %j', (match, path) => {
    expect(routeOf({ match: [match], route: toReviews }).decorator?.operation).toBe(`${reviews}:9080${path}`);
    expect(routeOf({ match: [match], directResponse: { status: 200 } }).decorator?.operation).toBe(`vs:9080${path}`);
  });

  it('stat prefix of the match', () => {
    expect(routeOf({ match: [{ statPrefix: 'p' }], route: toReviews }).stat_prefix).toBe('p');
  });
});

it('everything together is a valid Envoy message', () => {
  const routes = routesOf([
    {
      name: 'all',
      match: [
        {
          uri: { regex: '/a(b' },
          headers: { a: { exact: '1' }, '@request.auth.claims[x][y]': { prefix: 'z' } },
          withoutHeaders: { b: {} },
          queryParams: { q: { regex: '*' } },
          method: { exact: 'GET' },
          statPrefix: 's',
        },
      ],
      route: [
        { destination: { host: 'a' }, weight: 1, headers: { request: { set: { host: 'x', y: 'z' } } } },
        { destination: { host: 'b' }, weight: 2 },
      ],
      rewrite: { uri: '/x', authority: 'y' },
      timeout: '1s',
      retries: { attempts: 3, retryOn: '5xx,503', perTryTimeout: '1s', backoff: '2s', retryRemoteLocalities: true },
      fault: { abort: { httpStatus: 500, percentage: { value: 1 } } },
      mirror: { host: 'm' },
      corsPolicy: { allowOrigin: ['a'] },
      headers: { response: { add: { a: 'b' } } },
    },
    { match: [{ uri: { exact: '/r' } }], redirect: { uri: '/x', authority: 'a.com', redirectCode: 308, port: 81, scheme: 'https' } },
    { match: [{ uri: { exact: '/d' } }], directResponse: { status: 200, body: { bytes: 'aGk=' } } },
  ]);
  expect(routes).toHaveLength(3);
  for (const route of routes) expect(protos.check('envoy.config.route.v3.Route', route)).toEqual([]);
});
