import { createConnection } from 'node:net';
import { Client, credentials, Metadata, Server, ServerCredentials, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { parseLabels } from '../../../src/agent/metrics/label-set.ts';
import { type MetricsServer, serveMetrics } from '../../../src/agent/metrics/metrics-server.ts';
import { EchoServer, startGreeter } from '../../harness/echo-server.ts';
import { envoyState } from '../../harness/envoy-dump.ts';
import { HttpClient } from '../../harness/http-call.ts';
import { parsePrometheusText } from '../../harness/prometheus-text.ts';
import { peerOf } from '../../harness/real-envoy.ts';
import { meshObject } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const web = { name: 'web', address: '127.0.77.61', labels: { app: 'web', version: 'v1' } };
const plain = { name: 'plain', address: '127.0.77.63', labels: { app: 'plain' } };
const reviews = { name: 'reviews', address: '127.0.77.62', labels: { app: 'reviews', version: 'v2' } };
const host = 'reviews.shop.svc.cluster.local';
const ports = { http: 18080, grpc: 18081, tcp: 18082 } as const;
/** What the server's sidecar listens on. */
const targetOf = (port: number) => port + 100;

const webLabels = {
  source_workload: 'web',
  source_workload_namespace: 'shop',
  source_canonical_service: 'web',
  source_canonical_revision: 'v1',
  source_cluster: 'Kubernetes',
};
const reviewsLabels = {
  destination_workload: 'reviews',
  destination_workload_namespace: 'shop',
  destination_canonical_service: 'reviews',
  destination_canonical_revision: 'v2',
  destination_cluster: 'Kubernetes',
  destination_service: host,
  destination_service_name: 'reviews',
  destination_service_namespace: 'shop',
};
const identity = 'spiffe://cluster.local/ns/shop/sa/reviews';
const principals = { source_principal: identity, destination_principal: identity };
const unknownSource = Object.fromEntries([...Object.keys(webLabels), ...Object.keys(principals)].map((name) => [name, 'unknown']));

/** Istio's metrics of stock Envoys, as Prometheus finds them at the agent: two sidecars with mutual TLS, and a client without. */
describe("Istio's metrics from stock Envoys", () => {
  const end = new AbortController();
  const http = new HttpClient();
  const servers = new Map<string, MetricsServer>();
  let app: EchoServer;
  let rpc: Server;
  let traffic: TrafficMesh;

  beforeAll(async () => {
    app = await EchoServer.start('app');
    const greeter = await startGreeter('hello', end.signal);
    rpc = new Server();
    const rpcPort = await startRpc(rpc);
    traffic = await TrafficMesh.start(objects({ http: app.port, grpc: rpcPort, tcp: greeter }), [
      { ...web, type: 'sidecar', hasCertificates: true },
      { ...reviews, type: 'sidecar', hasCertificates: true },
      { ...plain, type: 'sidecar' },
    ]);
    for (const { name, labels } of [web, reviews, plain]) {
      const { admin } = traffic.envoy(name);
      const peer = peerOf({ name, namespace: 'shop', labels });
      servers.set(name, await serveMetrics({ host: '127.0.0.1', port: 0, admin: () => admin, peer, version: 'test' }));
    }
    await http.call({ address: web.address, port: ports.http, host, path: '/a' });
    await http.call({ address: plain.address, port: ports.http, host });
    await callRpc(web.address);
    await callTcp(web.address);
  });

  afterAll(async () => {
    http.close();
    end.abort();
    rpc.forceShutdown();
    await Promise.all([...servers.values()].map((server) => server.close()));
    await traffic.stop();
    await app.stop();
  });

  async function scrape(name: string): Promise<readonly Sample[]> {
    const answer = await fetch(`http://127.0.0.1:${servers.get(name)?.port}/stats/prometheus`);
    expect(answer.status).toBe(200);
    return samplesOf(await answer.text());
  }

  /** The one series of this name with these labels, as soon as it is there. */
  async function series(proxy: string, name: string, labels: Readonly<Record<string, string>>): Promise<Sample> {
    return vi.waitFor(
      async () => {
        const found = (await scrape(proxy)).filter((sample) => sample.name === name && has(sample, labels));
        expect(found).toHaveLength(1);
        return found[0] as Sample;
      },
      { timeout: 15_000, interval: 50 },
    );
  }

  test('a request is counted by the client with every label', async () => {
    const { labels, value } = await series('web', 'istio_requests_total', { request_protocol: 'http' });
    expect(value).toBe(1);
    expect(labels).toEqual({
      reporter: 'source',
      ...webLabels,
      ...reviewsLabels,
      ...principals,
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      grpc_response_status: 'unknown',
      connection_security_policy: 'unknown',
    });
  });

  test('and by the server, which knows who called where mutual TLS proves it', async () => {
    const { labels, value } = await series('reviews', 'istio_requests_total', { request_protocol: 'http', source_workload: 'web' });
    expect(value).toBe(1);
    expect(labels).toEqual({
      reporter: 'destination',
      ...webLabels,
      ...reviewsLabels,
      ...principals,
      request_protocol: 'http',
      response_code: '200',
      response_flags: '-',
      grpc_response_status: 'unknown',
      connection_security_policy: 'mutual_tls',
    });
    expect(app.received.map(({ headers }) => headers)).not.toContainEqual(
      expect.objectContaining({ 'x-coxswain-peer': expect.anything() }),
    );
  });

  test('nobody is believed without it', async () => {
    await http.call({ address: plain.address, port: ports.http, host, headers: { 'x-coxswain-peer': 'forged;shop;forged;;Kubernetes' } });
    const { labels, value } = await series('reviews', 'istio_requests_total', { connection_security_policy: 'none' });
    expect(labels).toMatchObject({ ...unknownSource, ...reviewsLabels, reporter: 'destination' });
    expect(value).toBe(2);
    expect(app.received.at(-1)?.headers).not.toHaveProperty('x-coxswain-peer');
  });

  test('durations and sizes are histograms', async () => {
    const labels = { request_protocol: 'http', destination_workload: 'reviews' };
    for (const name of ['request_duration_milliseconds', 'request_bytes', 'response_bytes']) {
      expect(await series('web', `istio_${name}_count`, labels)).toMatchObject({ value: 1 });
      expect(await series('web', `istio_${name}_bucket`, { ...labels, le: '+Inf' })).toMatchObject({ value: 1 });
    }
    expect((await series('web', 'istio_response_bytes_sum', labels)).value).toBeGreaterThan(0);
  });

  test('gRPC has a status of its own', async () => {
    const expected = { request_protocol: 'grpc', response_code: '200', grpc_response_status: String(status.NOT_FOUND) };
    expect((await series('web', 'istio_requests_total', expected)).labels).toMatchObject({ ...webLabels, ...reviewsLabels });
    expect((await series('reviews', 'istio_requests_total', expected)).labels).toMatchObject({ ...webLabels, ...reviewsLabels });
  });

  test.each(['tcp_connections_opened_total', 'tcp_connections_closed_total', 'tcp_sent_bytes_total', 'tcp_received_bytes_total'])(
    'a connection is counted in %s on both sides',
    async (name) => {
      const byClient = await series('web', `istio_${name}`, { request_protocol: 'tcp' });
      expect(byClient.labels).toEqual({
        reporter: 'source',
        ...webLabels,
        ...reviewsLabels,
        ...principals,
        request_protocol: 'tcp',
        response_flags: '-',
        connection_security_policy: 'unknown',
      });
      const byServer = await series('reviews', `istio_${name}`, { request_protocol: 'tcp' });
      expect(byServer.labels).toMatchObject({ ...reviewsLabels, connection_security_policy: 'mutual_tls' });
      expect(byServer.labels).toMatchObject({ destination_principal: identity });
      // The application may be connected to before the client has shown its certificate.
      const clients = name === 'tcp_connections_opened_total' ? [identity, 'unknown'] : [identity];
      expect(clients).toContain(byServer.labels['source_principal']);
      const expected = { tcp_sent_bytes_total: 'hello'.length, tcp_received_bytes_total: 'ping'.length }[name] ?? 1;
      expect([byClient.value, byServer.value]).toEqual([expected, expected]);
    },
  );

  test("Envoy's own metrics keep their names", async () => {
    const names = new Set((await scrape('web')).map(({ name }) => name));
    expect(names).toContain('envoy_cluster_upstream_rq_total');
    expect(names).toContain('istio_build');
    expect([...names].filter((name) => name.startsWith('envoy_istio'))).toEqual([]);
  });

  test('a Telemetry object takes labels and metrics away, and adds some', async () => {
    const spec = {
      metrics: [
        {
          overrides: [
            { match: { metric: 'REQUEST_SIZE' }, disabled: true },
            {
              match: { metric: 'REQUEST_COUNT', mode: 'CLIENT' },
              tagOverrides: { destination_canonical_revision: { operation: 'REMOVE' }, path: { value: 'request.url_path' } },
            },
          ],
        },
      ],
    };
    await traffic.apply(
      JSON.stringify({ apiVersion: 'telemetry.istio.io/v1', kind: 'Telemetry', metadata: { name: 't', namespace: 'shop' }, spec }),
    );
    await vi.waitFor(async () => expect((await envoyState(traffic.envoy('web').admin)).warmingListeners).toEqual([]), { timeout: 15_000 });
    // Connections that are there already stay with the listener as it was.
    const later = new HttpClient();
    await later.call({ address: web.address, port: ports.http, host, path: '/b?c=d' });
    later.close();
    const { labels } = await series('web', 'istio_requests_total', { path: '/b' });
    expect(labels).not.toHaveProperty('destination_canonical_revision');
    expect(labels).toMatchObject({ ...webLabels, destination_workload: 'reviews' });
  });

  test('nothing of it was refused', async () => {
    expect(await traffic.refused()).toEqual([]);
  });
});

interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Every series; throws on a text that a strict reader refuses. */
function samplesOf(text: string): readonly Sample[] {
  return [...parsePrometheusText(text).values()].flatMap(({ samples }) =>
    [...samples].map(([series, value]) => {
      const at = series.indexOf('{');
      return { name: series.slice(0, at), labels: Object.fromEntries(parseLabels(series.slice(at + 1, -1))), value };
    }),
  );
}

function has({ labels }: Sample, wanted: Readonly<Record<string, string>>): boolean {
  return Object.entries(wanted).every(([name, value]) => labels[name] === value);
}

const method = '/test.Rpc/Call';
const identityOf = (bytes: Buffer) => bytes;

async function startRpc(server: Server): Promise<number> {
  const definition = {
    path: method,
    requestStream: false,
    responseStream: false,
    requestDeserialize: identityOf,
    requestSerialize: identityOf,
    responseDeserialize: identityOf,
    responseSerialize: identityOf,
  } as const;
  server.addService(
    { call: definition },
    { call: (_: unknown, done: (error: object) => void) => done({ code: status.NOT_FOUND, details: 'none' }) },
  );
  return new Promise((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) => (error ? reject(error) : resolve(port)));
  });
}

/** Resolves when the server said that it found nothing. */
async function callRpc(address: string): Promise<void> {
  const client = new Client(`${address}:${ports.grpc}`, credentials.createInsecure(), { 'grpc.default_authority': host });
  const code = await new Promise((resolve) => {
    client.makeUnaryRequest(method, identityOf, identityOf, Buffer.from('x'), new Metadata(), {}, (error) => resolve(error?.code));
  });
  client.close();
  expect(code).toBe(status.NOT_FOUND);
}

async function callTcp(address: string): Promise<void> {
  const socket = createConnection({ host: address, port: ports.tcp });
  socket.write('ping');
  let text = '';
  for await (const chunk of socket) text += String(chunk);
  expect(text).toBe('hello');
}

function objects(backends: Readonly<Record<keyof typeof ports, number>>): readonly string[] {
  const kinds = Object.keys(ports) as (keyof typeof ports)[];
  const listener = (bind: string, number: number, kind: string) => ({
    port: { number, protocol: kind.toUpperCase(), name: kind },
    bind,
    captureMode: 'NONE',
  });
  const sidecar = (app: string, spec: object) => meshObject('Sidecar', app, { workloadSelector: { labels: { app } }, ...spec });
  const client = ({ name, address }: typeof web) =>
    sidecar(name, { egress: kinds.map((kind) => ({ ...listener(address, ports[kind], kind), hosts: [`./${host}`] })) });
  const core = (kind: string, name: string, rest: object) =>
    JSON.stringify({
      apiVersion: kind === 'EndpointSlice' ? 'discovery.k8s.io/v1' : 'v1',
      kind,
      metadata: { name, namespace: 'shop' },
      ...rest,
    });
  return [
    client(web),
    client(plain as unknown as typeof web),
    sidecar('reviews', {
      ingress: kinds.map((kind) => ({
        ...listener(reviews.address, targetOf(ports[kind]), kind),
        defaultEndpoint: `127.0.0.1:${backends[kind]}`,
      })),
      egress: [{ hosts: ['~/*'] }],
    }),
    core('Service', 'reviews', {
      spec: {
        clusterIP: '10.0.0.10',
        selector: { app: 'reviews' },
        ports: kinds.map((name) => ({ name, port: ports[name], targetPort: targetOf(ports[name]) })),
      },
    }),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'reviews', namespace: 'shop', labels: { ...reviews.labels, 'security.istio.io/tlsMode': 'istio' } },
      spec: { serviceAccountName: 'reviews', containers: [{ name: 'app' }] },
      status: {
        phase: 'Running',
        podIP: reviews.address,
        podIPs: [{ ip: reviews.address }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    }),
    JSON.stringify({
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { name: 'reviews-1', namespace: 'shop', labels: { 'kubernetes.io/service-name': 'reviews' } },
      addressType: 'IPv4',
      ports: kinds.map((name) => ({ name, port: targetOf(ports[name]) })),
      endpoints: [
        { addresses: [reviews.address], conditions: { ready: true }, targetRef: { kind: 'Pod', name: 'reviews', namespace: 'shop' } },
      ],
    }),
    JSON.stringify({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'istio', namespace: 'istio-system' },
      data: { mesh: 'defaultProviders: {metrics: [prometheus]}' },
    }),
  ];
}
