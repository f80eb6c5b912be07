// Clients that connect, are served and go away, over real gRPC (X72): what is left of them?
import { type ClientDuplexStream, credentials, makeClientConstructor } from '@grpc/grpc-js';
import { expect, vi } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { toStruct } from '../../src/lib/struct.ts';
import { collectGarbage } from '../harness/collect-garbage.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { serveXds } from '../harness/text-mesh-server.ts';

const service = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: web, namespace: shop}
spec: {hosts: [web.shop.svc.cluster.local], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.2.0.1}]}
`;

export interface StreamCycles {
  /** Cycles before the heap is first measured. */
  readonly warmUp: number;
  readonly cycles: number;
}

/** Fails where cells, observers, connections or handles are left. Resolves to the used heap before and after. */
export async function streamCycles({ warmUp, cycles }: StreamCycles): Promise<{ readonly before: number; readonly after: number }> {
  const mesh = await TextMesh.create({ config: [service] });
  const discovery = await serveXds(mesh.plane.source, mesh.protos);
  const { address, server } = discovery;
  const methods = mesh.protos.service('envoy.service.discovery.v3.AggregatedDiscoveryService');
  const Ads = makeClientConstructor(methods as never, 'ads');
  const cycle = async (i: number) => {
    const client = new Ads(address, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1, 'grpc.enable_channelz': 0 });
    const call: ClientDuplexStream<object, object> = client['DeltaAggregatedResources']?.();
    const ended = new Promise((resolve) => call.on('error', () => {}).on('status', resolve));
    const served = new Promise((resolve) => call.once('data', resolve));
    const node = { id: `sidecar~10.0.0.1~p${i}.n${i % 20}~n${i % 20}.svc.cluster.local`, metadata: toStruct({ NAMESPACE: `n${i % 20}` }) };
    call.write({ node, type_url: typeUrls.CDS, resource_names_subscribe: ['*'] });
    await served;
    if (i % 2 === 0) call.end();
    else call.cancel();
    client.close();
    await ended;
  };
  const settled = async () => {
    await vi.waitFor(() => expect(server.connections()).toEqual([]), { timeout: 5_000, interval: 5 });
    await collectGarbage();
    const handles = process.getActiveResourcesInfo().filter((name) => /TCP|Pipe/.test(name));
    return { heap: process.memoryUsage().heapUsed, handles: handles.length };
  };
  for (let i = 0; i < warmUp; i++) await cycle(i);
  const before = await settled();
  for (let i = 0; i < cycles; i++) await cycle(i);
  await vi.waitFor(async () => expect((await settled()).handles).toBeLessThanOrEqual(before.handles), { timeout: 5_000, interval: 20 });
  expect(mesh.plane.engine.stats()).toMatchObject({ cells: 0, observers: 0 });
  const after = await settled();
  await discovery.stop();
  return { before: before.heap, after: after.heap };
}
