import { request } from 'node:https';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../lib/clock.ts';
import { FakeClock } from '../lib/fake-clock.ts';
import { silentLogger } from '../lib/log.ts';
import type { AdmissionResource } from './admission-review.ts';
import { createAuthority, issueServerCertificate } from './certificate.ts';
import { ReviewThread } from './review-thread.ts';
import { validateHandler } from './validate-handler.ts';
import { serveWebhook, type WebhookServer } from './webhook-server.ts';

const validity = { fromMs: Date.now() - 60_000, untilMs: Date.now() + 3_600_000 };
const authority = createAuthority('webhook', validity);
const stop = new AbortController();
const thread = new ReviewThread(systemClock);
const counted: string[] = [];
let server: WebhookServer;

beforeAll(async () => {
  const count = (what: string) => (resource: AdmissionResource) => counted.push(`${what} ${resource.resource}`);
  const remarks = (kind: string) => (kind === 'Telemetry' ? [{ code: 'X', severity: 'warning', message: 'has no effect' } as const] : []);
  server = await serveWebhook(
    {
      address: { host: '127.0.0.1', port: 0 },
      handlers: [validateHandler({ thread, remarks, log: silentLogger, onPassed: count('passed'), onFailed: count('failed') })],
      tls: issueServerCertificate(authority, ['istiod'], validity),
      log: silentLogger,
      onHttpError: (status) => counted.push(`http ${status}`),
    },
    stop.signal,
  );
});
afterAll(() => {
  stop.abort();
  thread.close();
});

interface Answered {
  readonly status: number;
  readonly body: string;
}

function send(body: string | Buffer, options: { path?: string; method?: string; type?: string } = {}): Promise<Answered> {
  const [host, port] = server.address.split(':');
  const headers = { 'content-type': options.type ?? 'application/json', 'content-length': Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const call = request(
      {
        host,
        port,
        path: options.path ?? '/validate',
        method: options.method ?? 'POST',
        headers,
        ca: authority.certificate,
        servername: 'istiod',
        agent: false,
      },
      (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (part: string) => {
          text += part;
        });
        response.on('end', () => resolve({ status: response.statusCode ?? 0, body: text }));
      },
    );
    call.on('error', reject);
    call.end(body);
  });
}

const virtualServices = { group: 'networking.istio.io', version: 'v1', resource: 'virtualservices' };

function reviewOf(object: unknown, more: object = {}): string {
  const request = { uid: 'u1', operation: 'CREATE', namespace: 'shop', resource: virtualServices, object, ...more };
  return JSON.stringify({ apiVersion: 'admission.k8s.io/v1', kind: 'AdmissionReview', request });
}

function virtualService(spec: unknown, metadata: object = { name: 'a' }): object {
  return { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata, spec };
}

const route = [{ destination: { host: 'b' } }];
const good = virtualService({ hosts: ['a'], http: [{ route }] });
const bad = virtualService({ hosts: ['a'], http: [{ timeout: 'soon', route }] });

async function judge(
  object: unknown,
  more: object = {},
): Promise<{ allowed: boolean; status?: { message: string }; warnings?: string[]; uid: string }> {
  const { status, body } = await send(reviewOf(object, more));
  expect(status).toBe(200);
  return (JSON.parse(body) as { response: { allowed: boolean; uid: string } }).response;
}

describe('/validate', () => {
  it('admits what is right, and refuses what is wrong with every issue', async () => {
    expect(await judge(good)).toEqual({ uid: 'u1', allowed: true });
    const refused = await judge(
      virtualService({
        hosts: ['a'],
        http: [
          { timeout: 'soon', route },
          { route, retries: { attempts: 'many' } },
        ],
      }),
    );
    expect(refused.allowed).toBe(false);
    expect(refused.status).toMatchObject({ code: 422, reason: 'Invalid' });
    expect(refused.status?.message.split('\n')).toEqual([
      expect.stringMatching(/^configuration is invalid: spec\.http\[0\]\.timeout: must be .* \[IST0106\]$/),
      expect.stringMatching(/^spec\.http\[1\]\.retries\.attempts: must .* \[IST0106\]$/),
    ]);
    expect(counted.splice(0)).toEqual(['passed virtualservices', 'failed virtualservices']);
  });

  it('warns of what works but is not meant, and of kinds without effect', async () => {
    expect((await judge(virtualService({ hosts: ['a'], http: [{ route, tiemout: '5s' }] }))).warnings).toEqual([
      expect.stringMatching(/^spec\.http\[0\]\.tiemout: .*timeout/),
    ]);
    const telemetry = { apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 'a' }, spec: {} };
    expect(await judge(telemetry)).toEqual({ uid: 'u1', allowed: true, warnings: ['has no effect [X]'] });
  });

  it('looks at what an EnvoyFilter patches in', async () => {
    const filter = (value: object) => ({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'a' },
      spec: { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value } }] },
    });
    const refused = await judge(filter({ connect_timeout: 'soon' }));
    expect(refused.status?.message).toMatch(
      /^configuration is invalid: spec\.configPatches\[0\]\.patch\.value\.connect_timeout: must be a duration/,
    );
    const warned = await judge(filter({ conect_timeout: '1s', 'x-large': 'x'.repeat(20_000) }));
    expect(warned.allowed).toBe(true);
    expect(warned.warnings).toContainEqual(expect.stringContaining('patch.value.conect_timeout: is no field'));
    counted.length = 0;
  });

  it('admits deletions, subresources, kinds that it does not know, and what goes away', async () => {
    expect(await judge(undefined, { operation: 'DELETE', oldObject: bad })).toMatchObject({ allowed: true });
    expect(await judge(bad, { operation: 'UPDATE', subResource: 'status' })).toMatchObject({ allowed: true });
    expect(await judge({ apiVersion: 'networking.istio.io/v9', kind: 'Portal', metadata: { name: 'a' } })).toMatchObject({ allowed: true });
    expect(await judge({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' } })).toEqual({ uid: 'u1', allowed: true });
    const going = { ...bad, metadata: { name: 'a', deletionTimestamp: '2024-01-01T00:00:00Z' } };
    expect(await judge(going, { operation: 'UPDATE' })).toMatchObject({ allowed: true });
    expect(await judge({ ...bad, metadata: { name: 'a' } }, { operation: 'UPDATE' })).toMatchObject({ allowed: false });
  });

  it('judges an object whose name the API server has yet to make', async () => {
    expect(await judge(virtualService({ hosts: ['a'], http: [{ route }] }, { generateName: 'a-' }))).toMatchObject({ allowed: true });
    expect(await judge(virtualService({ hosts: ['a'], http: [{ route }] }, {}))).toMatchObject({ allowed: false });
  });

  it('answers in the version that was asked in', async () => {
    const { body } = await send(reviewOf(good).replace('admission.k8s.io/v1', 'admission.k8s.io/v1beta1'));
    expect(JSON.parse(body)).toMatchObject({ apiVersion: 'admission.k8s.io/v1beta1', kind: 'AdmissionReview' });
  });

  it('says what it cannot read', async () => {
    counted.length = 0;
    for (const [body, why] of [
      ['{', /not JSON/],
      ['[]', /no AdmissionReview/],
      ['{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v2"}', /v1 and v1beta1/],
      ['{"kind":"AdmissionReview","apiVersion":"admission.k8s.io/v1"}', /no request/],
    ] as const)
      expect(await send(body)).toEqual({ status: 400, body: expect.stringMatching(why) as string });
    expect((await send('{}', { type: 'text/yaml' })).status).toBe(415);
    expect((await send('', { method: 'GET' })).status).toBe(405);
    expect((await send('{}', { path: '/validation' })).status).toBe(404);
    expect(await send(reviewOf(good), { path: '/validate/' })).toMatchObject({ status: 200 });
    expect(counted.slice(0, 7)).toEqual(['http 400', 'http 400', 'http 400', 'http 400', 'http 415', 'http 405', 'http 404']);
  });
});

/** SEC-02: what is meant to hold up the event loop; each goes to the thread because of its size. */
describe('hostile bodies', () => {
  const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;
  const filter = (value: string) =>
    reviewOf({
      apiVersion: 'networking.istio.io/v1alpha3',
      kind: 'EnvoyFilter',
      metadata: { name: 'a' },
      spec: { configPatches: [{ applyTo: 'CLUSTER', patch: { operation: 'MERGE', value: '@' } }] },
    }).replace('"@"', `{"a":${value}}`);
  const regex = `(${'a*'.repeat(500_000)})+$`;

  it.each([
    ['a body of 3 MiB and one byte', () => Buffer.alloc(3 * 1024 * 1024 + 1, 0x20), { status: 413 }],
    ['3 MiB of nothing', () => Buffer.alloc(3 * 1024 * 1024, 0x20), { status: 400 }],
    ['20 000 lists inside each other', () => filter(nested(20_000)), { status: 200, body: /nested too deeply/ }],
    ['200 000 lists inside each other', () => filter(nested(200_000)), { status: 200, body: /nested too deeply/ }],
    ['200 000 lists as the whole body', () => nested(200_000), { status: 400 }],
    [
      'an expression of 1 MB',
      () => reviewOf(virtualService({ hosts: ['a'], http: [{ match: [{ uri: { regex } }], route }] })),
      { status: 200, body: /"allowed":false/ },
    ],
    [
      '20 000 routes',
      () =>
        reviewOf(
          virtualService({
            hosts: ['a'],
            http: Array.from({ length: 20_000 }, (_, i) => ({ match: [{ uri: { prefix: `/${i}` } }], route })),
          }),
        ),
      { status: 200, body: /"allowed":true/ },
    ],
    [
      '100 000 wrong fields',
      () => reviewOf(virtualService({ hosts: ['a'], http: Array.from({ length: 100_000 }, () => ({ timeout: 1 })) })),
      { status: 200, body: /and \d+ more/ },
    ],
  ] as const)('%s is answered, and so is the next one', async (_, body, expected) => {
    const answer = await send(body());
    expect(answer.status).toBe(expected.status);
    if ('body' in expected) expect(answer.body).toMatch(expected.body);
    expect(await judge(good)).toMatchObject({ allowed: true });
  });

  it('are refused when they take too long', async () => {
    const clock = new FakeClock();
    const slow = new ReviewThread(clock);
    const verdict = slow.judge(Buffer.alloc(20_000, 0x20));
    await clock.advanceAsync(0);
    await clock.advanceAsync(4000);
    expect(await verdict).toEqual({ message: 'the object cannot be validated: takes longer than 4000 ms' });
    slow.close();
  });

  it('refuses more large bodies than may wait', async () => {
    const many = Array.from({ length: 40 }, () => thread.judge(Buffer.alloc(20_000, 0x20)));
    expect(many.filter((verdict) => verdict === undefined)).toHaveLength(8);
    for (const verdict of many) await verdict;
    expect(thread.judge(Buffer.alloc(20_000, 0x20))).toBeDefined();
  });
});
