import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EchoServer } from '../../harness/echo-server.ts';
import { HttpClient } from '../../harness/http-call.ts';
import { httpPort, meshObject } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const client = { address: '127.0.1.51', port: httpPort };
/** Takes mutual TLS only. */
const strict = { address: '127.0.1.52', port: 18090 };
/** Takes plain text too. */
const permissive = { address: '127.0.1.53', port: 18090 };

/** Mutual TLS between real sidecars whose certificates come over SDS. */
describe('mutual TLS', () => {
  const http = new HttpClient();
  let app: EchoServer;
  let traffic: TrafficMesh;

  beforeAll(async () => {
    app = await EchoServer.start('app');
    traffic = await TrafficMesh.start(objects(app.port), [
      { name: 'client', type: 'sidecar', address: client.address, labels: { app: 'client' }, hasCertificates: true },
      { name: 'strict', type: 'sidecar', address: strict.address, labels: { app: 'strict' }, hasCertificates: true },
      { name: 'permissive', type: 'sidecar', address: permissive.address, labels: { app: 'permissive' }, hasCertificates: true },
      { name: 'plain', type: 'sidecar', address: '127.0.1.54', labels: { app: 'plain' } },
    ]);
  });

  afterAll(async () => {
    http.close();
    await traffic.stop();
    await app.stop();
  });

  const forwarded = 'By=spiffe://cluster.local/ns/shop/sa/reviews';

  test.each(['strict', 'permissive'])('carries a request to a %s server, which learns who calls', async (name) => {
    const answer = await http.call({ ...client, host: `${name}.internal`, path: '/who' });
    expect(answer).toMatchObject({ status: 200, backend: 'app' });
    expect(answer.echoed?.headers['x-forwarded-client-cert']).toContain(forwarded);
    const handshakes = await traffic.stats(name, String.raw`^listener\..*18090\.ssl\.handshake$`);
    expect([...handshakes.values()].some((count) => count > 0)).toBe(true);
  });

  test('plain text reaches the permissive server, not the strict one', async () => {
    const plain = { address: '127.0.1.54', port: httpPort };
    const answer = await http.call({ ...plain, host: 'permissive.internal' });
    expect(answer).toMatchObject({ status: 200, backend: 'app' });
    expect(answer.echoed?.headers).not.toHaveProperty('x-forwarded-client-cert');
    expect(await http.call({ ...plain, host: 'strict.internal' })).toMatchObject({ status: 503, backend: '' });
  });

  test('a server with another identity than the registry knows is not spoken to', async () => {
    expect(await http.call({ ...client, host: 'impostor.internal' })).toMatchObject({ status: 503, backend: '' });
    const failures = await traffic.stats('client', 'impostor.internal.*ssl.fail_verify_san$');
    expect([...failures.values()].some((count) => count > 0)).toBe(true);
  });

  test('nothing of it was refused', async () => {
    expect(await traffic.refused()).toEqual([]);
  });
});

function objects(appPort: number): readonly string[] {
  const listener = (address: string, number: number) => ({
    port: { number, protocol: 'HTTP', name: 'http' },
    bind: address,
    captureMode: 'NONE',
  });
  const sidecar = (app: string, spec: object) => meshObject('Sidecar', app, { workloadSelector: { labels: { app } }, ...spec });
  const server = (app: string, { address, port }: typeof strict) =>
    sidecar(app, { ingress: [{ ...listener(address, port), defaultEndpoint: `127.0.0.1:${appPort}` }], egress: [{ hosts: ['~/*'] }] });
  const service = (name: string, { address, port }: typeof strict, serviceAccount: string) =>
    meshObject('ServiceEntry', name, {
      hosts: [`${name}.internal`],
      location: 'MESH_INTERNAL',
      resolution: 'STATIC',
      ports: [{ number: httpPort, name: 'http', protocol: 'HTTP' }],
      endpoints: [{ address, ports: { http: port }, serviceAccount, labels: { 'security.istio.io/tlsMode': 'istio' } }],
    });
  return [
    sidecar('client', { egress: [{ ...listener(client.address, httpPort), hosts: ['./*'] }] }),
    sidecar('plain', { egress: [{ ...listener('127.0.1.54', httpPort), hosts: ['./*'] }] }),
    server('strict', strict),
    server('permissive', permissive),
    service('strict', strict, 'reviews'),
    service('permissive', permissive, 'reviews'),
    service('impostor', permissive, 'somebody-else'),
    JSON.stringify({
      apiVersion: 'security.istio.io/v1',
      kind: 'PeerAuthentication',
      metadata: { name: 'strict', namespace: 'shop' },
      spec: { selector: { matchLabels: { app: 'strict' } }, mtls: { mode: 'STRICT' } },
    }),
  ];
}
