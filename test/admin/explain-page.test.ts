import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/explain/explanation.ts';
import { DebugFixture } from './debug-fixture.ts';

const config = `
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {clusterIP: 10.96.0.7, selector: {app: web}, ports: [{name: http, port: 80, targetPort: 8080}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop, labels: {app: web}}
status: {podIP: 10.0.0.1, phase: Running}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: web, namespace: shop}
spec: {hosts: [web], http: [{match: [{method: {exact: POST}}], directResponse: {status: 403}}, {route: [{destination: {host: web}}]}]}
`;

const fixture = () => DebugFixture.create({ config: [config] });
const url = (query: Readonly<Record<string, string>>) => `/debug/explain?${new URLSearchParams(query).toString()}`;

describe('/debug/explain', () => {
  it('reads a command line of curl', async () => {
    const pages = await fixture();
    const answer = (await pages.get(url({ from: 'shop/web', curl: "curl -X POST 'http://web/a'" }))).json<Explanation>();
    expect(answer).toMatchObject({
      request: 'POST http://web/a',
      verdict: 'answered by the mesh',
      decidedBy: { object: { kind: 'VirtualService', namespace: 'shop', name: 'web' }, path: ['spec', 'http', 0, 'match', 0] },
    });
  });

  it('reads words and fields as the command sends them', async () => {
    const pages = await fixture();
    const words = new URLSearchParams([
      ['from', 'shop/web'],
      ['word', '-XPOST'],
      ['word', 'http://web'],
    ]);
    expect((await pages.get(`/debug/explain?${words.toString()}`)).json<Explanation>().verdict).toBe('answered by the mesh');
    const fields = (await pages.get(url({ from: 'shop/web', host: 'web', header: 'a: b' }))).json<Explanation>();
    expect([fields.request, fields.verdict]).toEqual(['GET http://web/  (a: b)', 'delivered']);
  });

  it('is text for people', async () => {
    const { contentType, text } = await (await fixture()).get(url({ from: 'shop/web', host: 'web', text: '' }));
    expect(contentType).toContain('text/plain');
    expect(text).toContain('✔ delivered: goes to web.shop.svc.cluster.local, port 80');
  });

  it('looks at a proxy as it has introduced itself', async () => {
    const pages = await fixture();
    pages.connect('sidecar~10.0.0.9~vm.shop~shop.svc.cluster.local', { NAMESPACE: 'shop', LABELS: { app: 'vm' } });
    const answer = (await pages.get(url({ from: 'shop/vm', host: 'web' }))).json<Explanation>();
    expect(answer.hop.proxy).toEqual({ side: 'client', name: 'shop/vm', remark: 'connected' });
  });

  it.each([
    [{ from: 'shop/wob', host: 'web' }, 'there is no workload or Service shop/wob', 'did you mean shop/web?'],
    [{ host: 'web' }, 'the query does not say who asks', 'from=NAMESPACE/NAME or gateway=NAMESPACE/NAME'],
    [{ from: 'shop/web' }, 'no request is named', expect.any(String)],
    [{ from: 'shop/web', host: 'web', port: 'x' }, 'x is no port', undefined],
    [{ from: 'shop/web', curl: 'curl --nonsense http://a' }, '--nonsense is no flag of curl that explain knows', expect.any(String)],
  ])('%j: %s', async (query, problem, hint) => {
    const pages = await fixture();
    expect((await pages.get(url(query))).json()).toEqual(hint === undefined ? { problem } : { problem, hint });
    expect(await pages.get(url({ ...query, text: '' }))).toMatchObject({ status: 400 });
  });

  it('leaves nothing behind', async () => {
    const pages = await fixture();
    await pages.get(url({ from: 'shop/web', host: 'web' }));
    const before = pages.mesh.plane.engine.stats();
    for (const host of ['a.example', 'b.example', 'c.example']) await pages.get(url({ from: 'shop/web', host }));
    const after = pages.mesh.plane.engine.stats();
    expect([after.cells, after.observers]).toEqual([before.cells, before.observers]);
  });
});
