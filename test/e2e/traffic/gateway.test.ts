import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chiSquare, chiSquareLimit } from '../../harness/chi-square.ts';
import { EchoServer, startGreeter } from '../../harness/echo-server.ts';
import { callTls, HttpClient, readTcp } from '../../harness/http-call.ts';
import { destination, httpPort, meshObject, serviceAt } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const address = '127.0.1.43';
const http = { address, port: httpPort };
const certificates = join(import.meta.dirname, '..', '..', 'fixtures', 'certificates');
const pem = (name: string) => readFileSync(join(certificates, name), 'utf8');

/** What a gateway does with the requests of the outside world, through a real Envoy. */
describe('a gateway', () => {
  const end = new AbortController();
  const client = new HttpClient();
  let v1: EchoServer;
  let v2: EchoServer;
  let traffic: TrafficMesh;

  beforeAll(async () => {
    v1 = await EchoServer.start('v1');
    v2 = await EchoServer.start('v2');
    const greeters = { one: await startGreeter('one', end.signal), two: await startGreeter('two', end.signal) };
    const terminating = { one: await startTlsGreeter('tls-one', end.signal), two: await startTlsGreeter('tls-two', end.signal) };
    traffic = await TrafficMesh.start(
      [
        serviceAt('one.internal', [{ port: v1.port }]),
        serviceAt('two.internal', [{ port: v2.port }]),
        ...(['one', 'two'] as const).flatMap((name) => [
          serviceAt(`tcp-${name}.internal`, [{ port: greeters[name] }], { number: 19000, protocol: 'TCP' }),
          serviceAt(`tls-${name}.internal`, [{ port: terminating[name] }], { number: 18444, protocol: 'TLS' }),
        ]),
        ...gatewayObjects(),
      ],
      [{ name: 'gateway', type: 'router', address, labels: { istio: 'ingress' }, hasCertificates: true }],
    );
  });

  afterAll(async () => {
    client.close();
    await traffic.stop();
    await Promise.all([v1.stop(), v2.stop()]);
    end.abort();
  });

  test('leads hosts to their own services, and knows no others', async () => {
    expect(await client.call({ ...http, host: 'one.example.com', path: '/a' })).toMatchObject({ status: 200, backend: 'v1' });
    expect(await client.call({ ...http, host: 'two.example.com:18080' })).toMatchObject({ status: 200, backend: 'v2' });
    expect(await client.call({ ...http, host: 'one.example.com', path: '/two/x' })).toMatchObject({ status: 200, backend: 'v2' });
    expect(await client.call({ ...http, host: 'unknown.example.com' })).toMatchObject({ status: 404 });
  });

  test('redirects to HTTPS where the server asks for it', async () => {
    const answer = await client.call({ ...http, host: 'secure.example.com', path: '/a?b=c' });
    expect(answer.status).toBe(301);
    expect(answer.headers.location).toBe('https://secure.example.com/a?b=c');
  });

  test('terminates TLS with the certificate that the server names', async () => {
    const request = 'GET /tls HTTP/1.1\r\nhost: secure.example.com\r\nconnection: close\r\n\r\n';
    const answer = await callTls({ address, port: 18443 }, 'secure.example.com', pem('root.pem'), request);
    expect(answer.serverNames).toContain('DNS:*.example.com');
    expect(answer.text).toMatch(/^HTTP\/1\.1 200/);
    expect(answer.text).toContain('"path":"/tls"');
    await expect(callTls({ address, port: 18443 }, 'stranger.example.com', pem('root.pem'), request)).rejects.toThrow();
  });

  test('passes TLS through by server name, unopened', async () => {
    for (const name of ['one', 'two']) {
      const answer = await callTls({ address, port: 18444 }, `${name}.example.com`, pem('root.pem'), 'hello');
      expect(answer.text).toBe(`tls-${name}`);
    }
  });

  test('splits TCP connections by weight', async () => {
    const greetings: string[] = [];
    for (let i = 0; i < 125; i++) {
      greetings.push(...(await Promise.all(Array.from({ length: 16 }, () => readTcp({ address, port: 19000 })))));
    }
    const counts = ['one', 'two'].map((name) => greetings.filter((greeting) => greeting === name).length);
    expect(counts[0]! + counts[1]!).toBe(2000);
    expect(chiSquare(counts, [25, 75])).toBeLessThan(chiSquareLimit[1]);
  });

  test('refused nothing that it was sent', async () => {
    expect(await traffic.refused()).toEqual([]);
  });
});

function gatewayObjects(): readonly string[] {
  const server = (number: number, protocol: string, hosts: readonly string[], tls?: object) => ({
    port: { number, protocol, name: `${protocol.toLowerCase()}-${number}-${hosts.length}` },
    bind: address,
    hosts,
    ...(tls && { tls }),
  });
  const fileCertificate = { mode: 'SIMPLE', serverCertificate: '/etc/certs/cert.pem', privateKey: '/etc/certs/key.pem' };
  const open = ['one.example.com', 'two.example.com', 'unused.example.com'];
  const route = (name: string, hosts: readonly string[], spec: object) =>
    meshObject('VirtualService', name, { gateways: ['edge'], hosts, ...spec });
  return [
    meshObject('Gateway', 'edge', {
      selector: { istio: 'ingress' },
      servers: [
        server(httpPort, 'HTTP', open),
        server(httpPort, 'HTTP', ['secure.example.com'], { httpsRedirect: true }),
        server(18443, 'HTTPS', ['secure.example.com'], fileCertificate),
        server(18444, 'TLS', ['one.example.com', 'two.example.com'], { mode: 'PASSTHROUGH' }),
        server(19000, 'TCP', ['*']),
      ],
    }),
    route('one', ['one.example.com'], {
      http: [{ match: [{ uri: { prefix: '/two' } }], route: [destination('two.internal')] }, { route: [destination('one.internal')] }],
    }),
    route('two', ['two.example.com'], { http: [{ route: [destination('two.internal')] }] }),
    route('secure', ['secure.example.com'], { http: [{ route: [destination('one.internal')] }] }),
    route('sni', ['one.example.com', 'two.example.com'], {
      tls: ['one', 'two'].map((name) => ({
        match: [{ port: 18444, sniHosts: [`${name}.example.com`] }],
        route: [destination(`tls-${name}.internal`)],
      })),
    }),
    route('tcp', ['*'], {
      tcp: [
        {
          match: [{ port: 19000 }],
          route: [
            { ...destination('tcp-one.internal'), weight: 25 },
            { ...destination('tcp-two.internal'), weight: 75 },
          ],
        },
      ],
    }),
  ];
}

/** A TLS application that says its name once it is spoken to. */
async function startTlsGreeter(name: string, signal: AbortSignal): Promise<number> {
  const server = createTlsServer({ cert: pem('certificate.pem'), key: pem('key.pem') }, (socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(name));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  signal.addEventListener('abort', () => server.close(), { once: true });
  return (server.address() as AddressInfo).port;
}
