// What istioctl asks for over xDS, of a real `coxswain serve`.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { DebugSource } from '../../src/admin/xds/debug-source.ts';
import { withDebugTypes } from '../../src/app/debug-types.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { ServeProcess } from '../harness/serve-process.ts';
import { loadAdsClient } from '../protocol/ads-service.ts';
import { webNodeId } from './debug-fixture.ts';

interface Response {
  readonly type_url: string;
  readonly nonce: string;
  readonly control_plane: { readonly identifier: string } | null;
  readonly resources: readonly { readonly type_url: string; readonly value: Buffer }[];
}

const istioctl = { id: 'sidecar~10.0.0.9~istioctl.istio-system~istio-system.svc.cluster.local', metadata: { fields: {} } };
const protos = loadProtos();
let folder = '';
let server: ServeProcess;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'coxswain-debug-types-'));
  await writeFile(join(folder, 'empty.yaml'), '');
  server = await ServeProcess.start(folder);
});

afterAll(async () => {
  server.kill();
  await rm(folder, { recursive: true });
});

function open(): ClientDuplexStream<object, Response> {
  const client = new (loadAdsClient())(server.xds, credentials.createInsecure());
  const call = (client['StreamAggregatedResources'] as () => ClientDuplexStream<object, Response>).call(client);
  call.on('error', () => undefined);
  onTestFinished(() => {
    call.cancel();
    client.close();
  });
  return call;
}

const ask = (call: ClientDuplexStream<object, Response>, request: object): Promise<Response> =>
  new Promise((resolve) => {
    call.once('data', resolve);
    call.write(request);
  });

it('istioctl proxy-status: what each proxy was sent and has answered, and who says so', async () => {
  const web = open();
  const first = await ask(web, { node: { id: webNodeId, metadata: { fields: {} } }, type_url: typeUrls.CDS });
  const listeners = ask(web, { type_url: typeUrls.LDS });
  web.write({ type_url: typeUrls.CDS, response_nonce: first.nonce, error_detail: { code: 13, message: 'I do not like it' } });
  await listeners;
  const answer = await ask(open(), { node: istioctl, type_url: typeUrls.DEBUG_SYNCZ });
  expect(JSON.parse(answer.control_plane?.identifier ?? '')).toMatchObject({ Component: 'istiod', Info: { version: expect.any(String) } });
  const statuses = answer.resources.map(({ type_url, value }) => {
    expect(type_url).toBe('type.googleapis.com/envoy.service.status.v3.ClientConfig');
    return protos.decode('envoy.service.status.v3.ClientConfig', value);
  });
  expect(statuses).toHaveLength(1);
  expect(statuses[0]).toMatchObject({
    node: { id: 'web-1.shop' },
    generic_xds_configs: [
      { type_url: typeUrls.CDS, config_status: 'ERROR', error_state: { details: 'I do not like it' } },
      { type_url: typeUrls.LDS, config_status: 'STALE' },
    ],
  });
});

it('istio.io/debug: a page of /debug by its path and query', async () => {
  const [page] = (await ask(open(), { node: istioctl, type_url: typeUrls.DEBUG, resource_names: ['issuesz?pretty'] })).resources;
  expect(page?.type_url).toBe(typeUrls.DEBUG);
  expect(page?.value.toString()).toBe(await (await server.get('/debug/issuesz?pretty')).text());
});

it('nobody who could be elsewhere is told (CVE-2026-31838)', () => {
  const source = { ready: () => true } as Parameters<typeof withDebugTypes>[0]['source'];
  const at = (address: string) => withDebugTypes({ source, address, proxies: () => [], pages: () => [], protos });
  for (const address of ['0.0.0.0:15010', '10.0.0.1:15010', '[::]:15010', '127.0.0.1.example.com:1']) expect(at(address)).toBe(source);
  for (const address of ['127.0.0.1:15010', 'localhost:0', '[::1]:1']) expect(at(address)).toBeInstanceOf(DebugSource);
});
