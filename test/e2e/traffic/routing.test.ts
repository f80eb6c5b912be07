import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { chiSquare, chiSquareLimit } from '../../harness/chi-square.ts';
import { startGreeter } from '../../harness/echo-server.ts';
import { readTcp } from '../../harness/http-call.ts';
import { bothVersions, destination, destinationRuleOf, serviceAt, virtualServiceOf } from './mesh-objects.ts';
import { type Backends, clientSidecar, SidecarMesh, serverSidecar, strictSidecar, tcpPort } from './sidecar-mesh.ts';

/** Where requests go and what they become, through a real sidecar. */
describe('a sidecar routes', () => {
  const end = new AbortController();
  let mesh: SidecarMesh;

  beforeAll(async () => {
    const greeters = await Promise.all(['one', 'two'].map((name) => startGreeter(name, end.signal)));
    mesh = await SidecarMesh.start((backends) => [
      ...httpObjects(backends),
      ...['one', 'two'].map((name, index) =>
        serviceAt(`tcp-${name}.internal`, [{ port: greeters[index] ?? 0 }], { number: tcpPort, protocol: 'TCP' }),
      ),
      serviceAt('tcp.internal', [{ port: greeters[0] ?? 0 }], { number: tcpPort, protocol: 'TCP' }),
      virtualServiceOf('tcp.internal', {
        tcp: [
          {
            route: [
              { ...destination('tcp-one.internal'), weight: 70 },
              { ...destination('tcp-two.internal'), weight: 30 },
            ],
          },
        ],
      }),
    ]);
  });

  afterAll(async () => {
    await mesh.stop();
    end.abort();
  });

  const call = (host: string, path = '/', headers: Readonly<Record<string, string>> = {}, method = 'GET') =>
    mesh.client.call({ ...clientSidecar, host, path, headers, method });

  test.each([
    ['an exact path and a method', '/exact', {}, 'POST', 'v2'],
    ['not another method', '/exact', {}, 'GET', 'v1'],
    ['not a longer path', '/exact/more', {}, 'POST', 'v1'],
    ['a header', '/', { 'x-version': 'v2' }, 'GET', 'v2'],
    ['not another value', '/', { 'x-version': 'v22' }, 'GET', 'v1'],
    ['a pattern', '/re/12', {}, 'GET', 'v2'],
    ['not a part of one', '/re/12x', {}, 'GET', 'v1'],
    ['a query', '/?v=2&w=1', {}, 'GET', 'v2'],
    ['not another query', '/?v=3', {}, 'GET', 'v1'],
    ['a prefix in any case', '/cAsE/x', {}, 'GET', 'v2'],
    ['the absence of a header', '/without', {}, 'GET', 'v2'],
    ['not its presence', '/without', { 'x-plain': '1' }, 'GET', 'v1'],
  ] as const)('by %s', async (_, path, headers, method, expected) => {
    expect(await call('match.internal', path, headers, method)).toMatchObject({ status: 200, backend: expected });
  });

  test('by weight', async () => {
    const tally = await mesh.client.tally({ ...clientSidecar, host: 'split.internal' }, 2000);
    const counts = ['v1', 'v2'].map((name) => tally.get(name) ?? 0);
    expect(counts[0]! + counts[1]!).toBe(2000);
    expect(chiSquare(counts, [90, 10])).toBeLessThan(chiSquareLimit[1]);
  });

  test('TCP connections by weight', async () => {
    const greetings: string[] = [];
    for (let i = 0; i < 125; i++) {
      greetings.push(...(await Promise.all(Array.from({ length: 16 }, () => readTcp({ address: clientSidecar.address, port: tcpPort })))));
    }
    const counts = ['one', 'two'].map((name) => greetings.filter((greeting) => greeting === name).length);
    expect(counts[0]! + counts[1]!).toBe(2000);
    expect(chiSquare(counts, [70, 30])).toBeLessThan(chiSquareLimit[1]);
  });

  test('with the path and the authority rewritten', async () => {
    const prefix = await call('rewrite.internal', '/old/a?b=c');
    expect(prefix.echoed?.path).toBe('/new/a?b=c');
    expect(prefix.echoed?.headers['host']).toBe('rewrite.internal');
    const pattern = await call('rewrite.internal', '/users/42/posts');
    expect(pattern.echoed?.path).toBe('/posts/of/42');
    expect(pattern.echoed?.headers['host']).toBe('posts.example.com');
  });

  test('into redirects and direct responses', async () => {
    const redirect = await call('redirect.internal', '/a?b=c');
    expect(redirect).toMatchObject({ status: 308, headers: { location: 'https://elsewhere.example.com:8443/new?b=c' } });
    const plain = await call('redirect.internal', '/keep/x');
    expect(plain).toMatchObject({ status: 301, headers: { location: 'http://other.example.com/keep/x' } });
    expect(await call('direct.internal')).toMatchObject({ status: 418, body: 'short and stout', backend: '' });
  });

  test('with headers set, added and removed on both ways', async () => {
    const answer = await call('headers.internal', '/', { 'x-gone': '1', 'x-set': 'old', 'x-add': 'first' });
    expect(answer.echoed?.headers).toMatchObject({
      'x-set': 'new',
      'x-add': 'first, second',
      'x-destination': 'd',
      host: 'host.example.com',
    });
    expect(answer.echoed?.headers).not.toHaveProperty('x-gone');
    expect(answer.headers).toMatchObject({ 'x-response': 'r' });
    expect(answer.headers).not.toHaveProperty('x-internal');
  });

  test('CORS preflights are answered for those who may, passed on for others', async () => {
    const preflight = (origin: string) => ({ origin, 'access-control-request-method': 'PUT' });
    const allowed = await call('cors.internal', '/', preflight('https://app.example.com'), 'OPTIONS');
    expect(allowed).toMatchObject({
      status: 200,
      backend: '',
      headers: {
        'access-control-allow-origin': 'https://app.example.com',
        'access-control-allow-methods': 'PUT,GET',
        'access-control-allow-headers': 'x-custom',
        'access-control-max-age': '60',
      },
    });
    const other = await call('cors.internal', '/', preflight('https://evil.example.org'), 'OPTIONS');
    expect(other.backend).toBe('v1');
    expect(other.headers).not.toHaveProperty('access-control-allow-origin');
    const simple = await call('cors.internal', '/', { origin: 'https://app.example.com' });
    expect(simple).toMatchObject({ backend: 'v1', headers: { 'access-control-allow-origin': 'https://app.example.com' } });
  });

  test('copies of requests to a mirror, without waiting for it', async () => {
    const { shadow } = mesh.backends;
    shadow.answer = () => {};
    for (let i = 0; i < 20; i++) expect(await call('mirror.internal', `/copy/${i}`)).toMatchObject({ status: 200, backend: 'v1' });
    const copies = () => shadow.received.map(({ path }) => path).sort();
    await vi.waitFor(() => expect(copies()).toEqual(Array.from({ length: 20 }, (_, i) => `/copy/${i}`).sort()), 10_000);
  });

  test('unknown hosts on or away, as the policy says', async () => {
    const unknown = { host: 'unknown.example.com' };
    expect(await mesh.client.call({ ...strictSidecar, ...unknown })).toMatchObject({ status: 502, backend: '' });
    expect(await mesh.client.call({ ...strictSidecar, host: 'match.internal' })).toMatchObject({ status: 200, backend: 'v1' });
    // Nothing intercepts here, so that the way on is not known: what counts is that PassthroughCluster was asked.
    expect(await mesh.client.call({ ...clientSidecar, ...unknown })).toMatchObject({ status: 503, backend: '' });
    const asked = await mesh.traffic.stats('client', 'PassthroughCluster.*upstream_cx_none_healthy$');
    expect([...asked.values()]).toEqual([1]);
  });

  test('through the sidecar of the server to its application', async () => {
    expect(await call('server.internal', '/inbound')).toMatchObject({ status: 200, backend: 'v1', echoed: { path: '/inbound' } });
    const counted = await mesh.traffic.stats('server', 'inbound.*upstream_rq_200$');
    expect(new Set(counted.values())).toEqual(new Set([1]));
  });

  test('and refuses nothing of what it was sent', async () => {
    expect(await mesh.traffic.refused()).toEqual([]);
  });
});

function httpObjects({ v1, v2, shadow }: Backends): readonly string[] {
  const versions = [
    { port: v1.port, version: 'v1' },
    { port: v2.port, version: 'v2' },
  ];
  const toV2 = { route: [destination('match.internal', 'v2')] };
  const only = (host: string, spec: object) => [serviceAt(host, [{ port: v1.port }]), virtualServiceOf(host, { http: [spec] })];
  return [
    serviceAt('match.internal', versions),
    destinationRuleOf('match.internal', { subsets: bothVersions }),
    virtualServiceOf('match.internal', {
      http: [
        { match: [{ uri: { exact: '/exact' }, method: { exact: 'POST' } }], ...toV2 },
        { match: [{ headers: { 'x-version': { exact: 'v2' } } }], ...toV2 },
        { match: [{ uri: { regex: '/re/[0-9]+' } }], ...toV2 },
        { match: [{ queryParams: { v: { exact: '2' } } }], ...toV2 },
        { match: [{ uri: { prefix: '/Case' }, ignoreUriCase: true }], ...toV2 },
        { match: [{ uri: { prefix: '/without' }, withoutHeaders: { 'x-plain': {} } }], ...toV2 },
        { route: [destination('match.internal', 'v1')] },
      ],
    }),
    serviceAt('split.internal', versions),
    destinationRuleOf('split.internal', { subsets: bothVersions }),
    virtualServiceOf('split.internal', {
      http: [
        {
          route: [
            { ...destination('split.internal', 'v1'), weight: 90 },
            { ...destination('split.internal', 'v2'), weight: 10 },
          ],
        },
      ],
    }),
    serviceAt('rewrite.internal', [{ port: v1.port }]),
    virtualServiceOf('rewrite.internal', {
      http: [
        { match: [{ uri: { prefix: '/old/' } }], rewrite: { uri: '/new/' }, route: [destination('rewrite.internal')] },
        {
          match: [{ uri: { prefix: '/users/' } }],
          rewrite: {
            uriRegexRewrite: { match: '/users/([0-9]+)/posts', rewrite: String.raw`/posts/of/\1` },
            authority: 'posts.example.com',
          },
          route: [destination('rewrite.internal')],
        },
      ],
    }),
    serviceAt('redirect.internal', [{ port: v1.port }]),
    virtualServiceOf('redirect.internal', {
      http: [
        { match: [{ uri: { prefix: '/keep' } }], redirect: { authority: 'other.example.com' } },
        { redirect: { uri: '/new', authority: 'elsewhere.example.com', scheme: 'https', port: 8443, redirectCode: 308 } },
      ],
    }),
    ...only('direct.internal', { directResponse: { status: 418, body: { string: 'short and stout' } } }),
    ...only('headers.internal', {
      headers: {
        request: { set: { 'x-set': 'new', ':authority': 'host.example.com' }, add: { 'x-add': 'second' }, remove: ['x-gone'] },
        response: { set: { 'x-response': 'r' }, remove: ['x-internal'] },
      },
      route: [{ ...destination('headers.internal'), headers: { request: { set: { 'x-destination': 'd' } } } }],
    }),
    ...only('cors.internal', {
      corsPolicy: {
        allowOrigins: [{ regex: String.raw`https://[a-z]+\.example\.com` }],
        allowMethods: ['PUT', 'GET'],
        allowHeaders: ['x-custom'],
        maxAge: '60s',
      },
      route: [destination('cors.internal')],
    }),
    serviceAt('shadow.internal', [{ port: shadow.port }]),
    ...only('mirror.internal', { mirrors: [{ destination: { host: 'shadow.internal' } }], route: [destination('mirror.internal')] }),
    serviceAt('server.internal', [serverSidecar]),
  ];
}
