import { describe, expect, it } from 'vitest';
import type { Cluster } from '../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { Route } from '../envoy/generated/envoy/config/route/v3/Route.ts';
import type { RouteConfiguration } from '../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { RouteMatch } from '../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { Any } from '../envoy/generated/google/protobuf/Any.ts';
import { changedHeaders } from './http/changed-headers.ts';
import type { Outcome } from './outcome.ts';
import type { SimulatedRequest } from './request.ts';
import type { ServedResources } from './resources.ts';
import { createSimulator } from './simulate.ts';
import { possibleOutcomes } from './simulation.ts';

const typed = (name: string, message: object) => ({ '@type': `type.googleapis.com/envoy.extensions.${name}`, ...message });
const filter = (name: string, type: string, message: object = {}) => ({
  name: `envoy.filters.http.${name}`,
  typed_config: typed(`filters.http.${name}.v3.${type}`, message),
});

/** One listener whose route table is this one; every cluster has one endpoint, if it is not `missing` or `empty`. */
function served(table: RouteConfiguration, filters: readonly object[] = []): ServedResources {
  const manager = typed('filters.network.http_connection_manager.v3.HttpConnectionManager', {
    route_config: { name: 'table', ...table },
    normalize_path: { value: true },
    http_filters: [...filters, filter('router', 'Router')],
  });
  const listener = {
    name: 'l',
    address: { socket_address: { address: '10.0.0.1', port_value: 80 } },
    filter_chains: [{ filters: [{ typed_config: manager }] }],
  };
  const endpoint = { endpoint: { address: { socket_address: { address: '10.9.9.9', port_value: 1 } } } };
  const cluster = (name: string): Cluster | undefined =>
    name === 'missing'
      ? undefined
      : { name, type: 'STATIC', load_assignment: { endpoints: [{ lb_endpoints: name === 'empty' ? [] : [endpoint] }] } };
  return { listeners: new Map([['l', listener]]), routes: new Map(), clusters: { get: cluster }, endpoints: new Map() };
}

const plain = { direction: 'direct', destination: { address: '10.0.0.1', port: 80 }, protocol: 'http', host: 'a.com' } as const;
const onRoutes = (...routes: readonly Route[]): RouteConfiguration => ({
  virtual_hosts: [{ name: 'v', domains: ['*'], routes: [...routes] }],
});

function ask(resources: ServedResources, more: Partial<SimulatedRequest> = {}) {
  return possibleOutcomes(createSimulator(resources)({ ...plain, ...more }));
}

function outcome(resources: ServedResources, more: Partial<SimulatedRequest> = {}): Outcome | undefined {
  return ask(resources, more)[0]?.outcome;
}

describe('virtual hosts', () => {
  const hosts = ['*', 'a.*', '*.com', '*.b.com', 'a.b.com'].map((domain) => ({
    name: domain,
    domains: [domain],
    routes: [{ match: { prefix: '/' }, route: { cluster: domain } }],
  }));
  const reached = (host: string, more: RouteConfiguration = {}) => {
    const end = outcome(served({ virtual_hosts: hosts, ...more }), { host });
    return end?.kind === 'delivered' ? end.cluster : end?.kind;
  };
  it('exact, then by suffix, then by prefix, then any', () => {
    expect(['a.b.com', 'A.B.com', 'x.b.com', 'x.com', 'a.org', 'org'].map((host) => reached(host))).toEqual([
      'a.b.com',
      'a.b.com',
      '*.b.com',
      '*.com',
      'a.*',
      '*',
    ]);
  });
  it('a port counts unless it is told not to', () => {
    expect([reached('a.b.com:80'), reached('a.b.com:80', { ignore_port_in_host_matching: true })]).toEqual(['a.*', 'a.b.com']);
  });
});

describe('routes', () => {
  const to = (cluster: string, match: Route['match'], more: object = {}): Route => ({
    name: cluster,
    match: match ?? null,
    route: { cluster },
    ...more,
  });

  it('say why they lost', () => {
    const table = onRoutes(
      to('h', { prefix: '/', headers: [{ name: 'end-user', string_match: { exact: 'jason' } }] }),
      to('q', { prefix: '/', query_parameters: [{ name: 'v', string_match: { prefix: '2' } }] }),
      to('p', { path: '/b' }),
      to('taken', { prefix: '/' }),
      to('late', { prefix: '/' }),
    );
    const [way] = ask(served(table), { path: '/a?v=1' });
    expect(way?.steps.find(({ stage }) => stage === 'route')).toMatchObject({
      chosen: 'taken',
      losers: [
        { name: 'h', reason: 'header end-user: wants exactly "jason", the request has none' },
        { name: 'q', reason: 'query v: wants something that begins with "2", the request has "1"' },
        { name: 'p', reason: 'path: wants /b, the request has /a' },
        { name: 'late', reason: 'matches too, but stands after the one that was taken' },
      ],
    });
  });

  it('share requests by fractions of one random number', () => {
    const half = { default_value: { numerator: 50 } };
    const table = onRoutes(
      to('a', { prefix: '/', runtime_fraction: half }),
      to('never', { prefix: '/', runtime_fraction: half }),
      to('b', { prefix: '/' }),
    );
    expect(ask(served(table)).map(({ probability, outcome: end }) => [probability, end.kind === 'delivered' && end.cluster])).toEqual([
      [0.5, 'a'],
      [0.5, 'b'],
    ]);
  });

  it('a switch that is off may have no member', () => {
    const table = onRoutes(to('any', { prefix: '/A', case_sensitive: {} }));
    expect(outcome(served(table), { path: '/ab' })).toMatchObject({ kind: 'delivered', cluster: 'any' });
  });

  it.each<[string, object, string, string, string]>([
    ['a prefix', { prefix_rewrite: '/new' }, '/api/x?q=1', '/new/x?q=1', 'a.com'],
    [
      'an expression',
      { regex_rewrite: { pattern: { regex: '^/api/(.*)$' }, substitution: '/\\1' } },
      '/api/x?q=/api',
      '/x?q=/api',
      'a.com',
    ],
    ['the host', { host_rewrite_literal: 'b.com' }, '/api', '/api', 'b.com'],
  ])('rewrite %s', (_, action, path, newPath, host) => {
    const table = onRoutes({ match: { prefix: '/api' }, route: { cluster: 'c', ...action } });
    expect(outcome(served(table), { path })).toMatchObject({ kind: 'delivered', request: { path: newPath, host } });
  });

  it.each<[string, Route, object]>([
    ['direct response', { direct_response: { status: 418, body: { inline_string: 'tea' } } }, { status: 418, body: 'tea' }],
    ['redirect', { redirect: { https_redirect: true, strip_query: true } }, { status: 301, location: 'https://a.com/p' }],
    ['redirect', { redirect: { port_redirect: 81, response_code: 'FOUND' } }, { status: 302, location: 'http://a.com:81/p?q' }],
    ['no cluster', { route: { cluster: 'missing' } }, { status: 503 }],
    ['no healthy upstream', { route: { cluster: 'empty' } }, { status: 503 }],
  ])('%s', (by, action, expected) => {
    const table = onRoutes({ match: { prefix: '/' }, ...action });
    expect(outcome(served(table), { host: 'a.com', path: '/p?q' })).toMatchObject({ kind: 'answered', by, ...expected });
  });

  it('gRPC is told in its own way', () => {
    expect(outcome(served(onRoutes()), { protocol: 'grpc', path: '/s/m' })).toMatchObject({ by: 'no route', status: 200, grpcStatus: 12 });
  });
});

describe('expressions that cannot be run', () => {
  const regex = '(?U)a+';
  const doubt = 'the expression "(?U)a+" cannot be evaluated here';
  const open = { safe_regex: { regex } };
  const onHeader = { match: { prefix: '/', headers: [{ name: 'x', string_match: open }] }, route: { cluster: 'c' } };
  const other = { match: { prefix: '/' }, direct_response: { status: 418 } };
  const withX = { headers: [['x', 'a']] } as const;

  it('leave it open which route is taken, and say where they stand', () => {
    const world = served(onRoutes({ match: { path: '/b' }, redirect: {} }, onHeader, other));
    const [{ outcome: end, steps } = {}] = ask(world, withX);
    expect(end).toMatchObject({ kind: 'unknown', because: `header x: ${doubt}`, at: { resource: 'listener', name: 'l' } });
    expect(end?.kind === 'unknown' && end.at?.path.slice(-4)).toEqual(['virtual_hosts', 0, 'routes', 1]);
    expect(steps?.at(-1)).toMatchObject({
      stage: 'route',
      why: 'may match',
      losers: [{ reason: /^path/ }, { reason: /may be taken/ }].map(({ reason }) => ({ reason: expect.stringMatching(reason) })),
    });
  });

  it('are not asked where something else does not hold', () => {
    expect(outcome(served(onRoutes(onHeader, other)))).toMatchObject({ status: 418 });
    const both = { ...onHeader, match: { ...onHeader.match, query_parameters: [{ name: 'q', present_match: true }] } };
    expect(outcome(served(onRoutes(both, other)), withX)).toMatchObject({ status: 418 });
    expect(outcome(served(onRoutes({ ...other, match: { path: '/' } }, onHeader)), withX)).toMatchObject({ status: 418 });
  });

  it.each<[string, RouteMatch]>([
    ['path', open],
    ['header x', { prefix: '/', headers: [{ name: 'x', string_match: open, invert_match: true }] }],
    ['query q', { prefix: '/', query_parameters: [{ name: 'q', string_match: open }] }],
  ])('stand on the %s', (what, match) => {
    const end = outcome(served(onRoutes({ match, route: { cluster: 'c' } })), { ...withX, path: '/?q=1' });
    expect(end).toMatchObject({ kind: 'unknown', because: `${what}: ${doubt}` });
  });

  it('leave open what is rewritten, not where it goes', () => {
    const regex_rewrite = { pattern: { regex: '^/((a|b)+)' }, substitution: '/' };
    const rewritten = outcome(served(onRoutes({ match: { prefix: '/' }, route: { cluster: 'c', regex_rewrite } })), { path: '/ab' });
    expect(rewritten).toMatchObject({ kind: 'delivered', request: { path: { doubt: expect.stringContaining('^/((a|b)+)') } } });
    const redirected = outcome(served(onRoutes({ match: { prefix: '/' }, redirect: { regex_rewrite } })), { path: '/ab' });
    expect(redirected).toMatchObject({ kind: 'unknown' });
  });

  it('leave open what filters do', () => {
    const cors = typed('filters.http.cors.v3.CorsPolicy', { allow_origin_string_match: [open] });
    const fault = typed('filters.http.fault.v3.HTTPFault', {
      ...onHeader.match,
      abort: { http_status: 418, percentage: { numerator: 100 } },
    });
    const through = (name: string, type: string, config: Any, request: Partial<SimulatedRequest>) =>
      outcome(
        served(
          onRoutes({
            match: { prefix: '/' },
            route: { cluster: 'c' },
            typed_per_filter_config: { [`envoy.filters.http.${name}`]: config },
          }),
          [filter(name, type)],
        ),
        request,
      );
    const preflight = [
      ['origin', 'http://o'],
      ['access-control-request-method', 'PUT'],
    ] as const;
    expect(through('cors', 'Cors', cors, { method: 'OPTIONS', headers: preflight })).toMatchObject({ kind: 'unknown', because: doubt });
    expect(through('cors', 'Cors', cors, { headers: preflight })).toMatchObject({ kind: 'delivered' });
    expect(through('fault', 'HTTPFault', fault, withX)).toMatchObject({ kind: 'unknown', because: `header x: ${doubt}` });
    expect(through('fault', 'HTTPFault', fault, {})).toMatchObject({ kind: 'delivered' });
  });
});

describe('header changes', () => {
  const set = (key: string, value: string) => ({ header: { key, value }, append_action: 'OVERWRITE_IF_EXISTS_OR_ADD' as const });
  const add = (key: string, value: string) => ({ header: { key, value } });
  const route: Route = {
    match: { prefix: '/' },
    route: { cluster: 'c' },
    request_headers_to_add: [add('X-A', '1'), set('x-a', '2'), add('x-none', '')],
    request_headers_to_remove: ['x-b'],
    response_headers_to_add: [add('x-r', 'route')],
  };
  const table = (one: Route): RouteConfiguration => ({
    virtual_hosts: [
      { name: 'v', domains: ['*'], routes: [one], request_headers_to_remove: ['x-c'], response_headers_to_add: [set('x-r', 'host')] },
    ],
  });
  const ofAnswer = [
    { action: 'append', name: 'x-r', value: 'route' },
    { action: 'overwrite', name: 'x-r', value: 'host' },
  ];

  it('are made level by level; of one, removals come first, then what overwrites; nothing empty is added', () => {
    expect(outcome(served(table(route)))).toMatchObject({
      request: {
        headerChanges: [
          { action: 'remove', name: 'x-b', value: '' },
          { action: 'overwrite', name: 'x-a', value: '2' },
          { action: 'append', name: 'x-a', value: '1' },
          { action: 'remove', name: 'x-c', value: '' },
        ],
        responseHeaderChanges: ofAnswer,
      },
    });
  });

  it('are made to what the proxy answers by itself, as soon as it has a route', () => {
    const { route: _, ...others } = route;
    const missing = { ...others, route: { cluster: 'missing' } };
    const direct = { ...others, direct_response: { status: 200 } };
    for (const one of [missing, direct]) expect(outcome(served(table(one)))).toMatchObject({ responseHeaderChanges: ofAnswer });
    expect(outcome(served(table(route)), { path: 'no-slash' })).not.toHaveProperty('responseHeaderChanges');
  });

  it('of a destination are known before a filter answers', () => {
    const abort = filter('fault', 'HTTPFault', { abort: { http_status: 418, percentage: { numerator: 100 } } });
    const clusters = [1, 3].map((weight) => ({ name: 'c', weight: { value: weight }, response_headers_to_add: [add('x-w', `${weight}`)] }));
    const weighted = { match: { prefix: '/' }, route: { weighted_clusters: { clusters } } };
    const ends = ask(served(onRoutes(weighted), [abort])).map(({ probability, outcome: end }) => [
      probability,
      end.kind === 'answered' && end.responseHeaderChanges?.map(({ value }) => value),
    ]);
    expect(ends).toEqual([
      [0.25, ['1']],
      [0.75, ['3']],
    ]);
  });

  it('lead to the headers that are seen', () => {
    const changes = [
      { action: 'append', name: 'x-a', value: '2' },
      { action: 'append', name: 'user-agent', value: 'b' },
      { action: 'remove', name: 'x-b', value: '' },
      { action: 'add if absent', name: 'x-a', value: '3' },
      { action: 'overwrite if there', name: 'x-c', value: '3' },
    ] as const;
    const before = [
      ['X-A', '1'],
      ['User-Agent', 'a'],
      ['x-b', 'x'],
    ] as const;
    expect(Object.fromEntries(changedHeaders(before, changes))).toEqual({ 'x-a': ['1', '2'], 'user-agent': ['a,b'] });
  });
});

describe('HTTP/2', () => {
  const world = served(onRoutes({ match: { prefix: '/' }, route: { cluster: 'c' } }));
  const end = (more: Partial<SimulatedRequest>) => outcome(world, { protocol: 'http2', ...more });
  it.each([{ host: '' }, { host: 'u@a.com' }, { host: 'a.com/' }, { path: 'a' }, { path: '*' }, { path: '/a b' }, { method: 'G T' }])(
    'resets the stream of %j',
    (request) => expect(end(request)).toMatchObject({ kind: 'closed', because: 'not valid HTTP/2' }),
  );

  it('takes what no other rule forbids, without its fragment, under the scheme of the connection', () => {
    expect(end({ path: '/a|b#c?d' })).toMatchObject({ kind: 'delivered', request: { path: '/a%7Cb' } });
    const redirects = served(onRoutes({ match: { prefix: '/' }, redirect: { path_redirect: '/b' } }));
    const headers = [['x-forwarded-proto', 'https']] as const;
    expect(outcome(redirects, { protocol: 'http2', headers })).toMatchObject({ location: 'http://a.com/b' });
    expect(outcome(redirects, { headers })).toMatchObject({ location: 'https://a.com/b' });
  });
});

describe('filters', () => {
  const route = { match: { prefix: '/' }, route: { cluster: 'c' } };
  it('abort a share of the requests', () => {
    const fault = typed('filters.http.fault.v3.HTTPFault', { abort: { http_status: 418, percentage: { numerator: 10 } } });
    const table = onRoutes({ ...route, typed_per_filter_config: { 'envoy.filters.http.fault': fault } });
    const ends = ask(served(table, [filter('fault', 'HTTPFault')]));
    expect(ends.map(({ probability, outcome: { kind } }) => [probability, kind])).toEqual([
      [0.1, 'answered'],
      [0.9, 'delivered'],
    ]);
  });

  it('refuse by rules of access, and say when they cannot know', () => {
    const rbac = (permission: object) =>
      filter('rbac', 'RBAC', { rules: { action: 'DENY', policies: { p: { permissions: [permission], principals: [{ any: true }] } } } });
    const end = (permission: object, path: string) => outcome(served(onRoutes(route), [rbac(permission)]), { path });
    const admin = { url_path: { path: { prefix: '/admin' } } };
    expect(end(admin, '/admin/x')).toMatchObject({ by: 'access denied', status: 403, body: 'RBAC: access denied' });
    expect(end(admin, '/')).toMatchObject({ kind: 'delivered' });
    const why = 'whether the policy p holds: ';
    expect(end({ metadata: {} }, '/')).toMatchObject({ kind: 'unknown', because: `${why}the condition metadata is not evaluated` });
    const open = { url_path: { path: { safe_regex: { regex: '\\C' } } } };
    expect(end(open, '/')).toMatchObject({ kind: 'unknown', because: `${why}the expression "\\\\C" cannot be evaluated here` });
  });

  it('are named when nobody knows what they do', () => {
    const [way] = ask(served(onRoutes(route), [filter('lua', 'Lua')]));
    expect(way?.steps.find(({ stage }) => stage === 'HTTP filter')).toMatchObject({
      chosen: 'envoy.filters.http.lua',
      why: 'not evaluated',
    });
  });
});
