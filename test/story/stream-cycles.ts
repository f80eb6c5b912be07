// Clients that connect, are served and go away, over real gRPC (X72): what is left of them?
import { constants } from 'node:http2';
import { expect, vi } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { toStruct } from '../../src/lib/struct.ts';
import { collectGarbage } from '../harness/collect-garbage.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { rawStream } from '../protocol/raw-stream.ts';
import { serveClients } from '../protocol/served-clients.ts';

const service = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: web, namespace: shop}
spec: {hosts: [web.shop.svc.cluster.local], resolution: STATIC, ports: [{number: 80, name: http, protocol: HTTP}], endpoints: [{address: 10.2.0.1}]}
`;

const namespaces = 20;
function nodeIdOf(i: number): string {
  return `sidecar~10.0.0.1~p${i}.n${i % namespaces}~n${i % namespaces}.svc.cluster.local`;
}

export interface StreamCycles {
  /** Cycles before the heap is first measured. */
  readonly warmUp: number;
  readonly cycles: number;
}

/** Fails where cells, observers, connections or handles are left. Resolves to the used heap before and after. */
export async function streamCycles({ warmUp, cycles }: StreamCycles): Promise<{ readonly before: number; readonly after: number }> {
  const mesh = await TextMesh.create({ config: [service] });
  const { address, server, close } = await serveClients(mesh.plane.source);
  // One proxy of each namespace stays, so that a cycle costs a stream and not a view.
  const staying = Array.from({ length: namespaces }, (_, i) => mesh.connect({ nodeId: nodeIdOf(i), metadata: { NAMESPACE: `n${i}` } }));
  for (const proxy of staying) proxy.view(typeUrls.CDS)?.all();
  const cycle = async (i: number) => {
    const node = { id: nodeIdOf(i), metadata: toStruct({ NAMESPACE: `n${i % namespaces}` }) };
    const first = mesh.protos.encode('envoy.service.discovery.v3.DeltaDiscoveryRequest', { node, type_url: typeUrls.CDS });
    const client = rawStream(address, 'delta');
    const served = new Promise((resolve) => client.stream.once('data', resolve));
    client.sendBytes(first);
    await served;
    if (i % 3 === 0) client.stream.end();
    else if (i % 3 === 1) client.stream.close(constants.NGHTTP2_CANCEL);
    else client.destroy();
    await client.ended;
    client.destroy();
  };
  const settled = async () => {
    await vi.waitFor(() => expect(server.connections()).toEqual([]), { timeout: 5_000, interval: 5 });
    await collectGarbage();
    const handles = process.getActiveResourcesInfo().filter((name) => /TCP|Pipe/.test(name));
    return { heap: process.memoryUsage().heapUsed, handles: handles.length };
  };
  for (let i = 0; i < warmUp; i++) await cycle(i);
  const before = await settled();
  const held = () => ({ cells: mesh.plane.engine.stats().cells, observers: mesh.plane.engine.stats().observers });
  const kept = held();
  for (let i = 0; i < cycles; i++) await cycle(i);
  await vi.waitFor(async () => expect((await settled()).handles).toBeLessThanOrEqual(before.handles), { timeout: 5_000, interval: 20 });
  expect(held()).toEqual(kept);
  const after = await settled();
  for (const proxy of staying) proxy.close();
  expect(mesh.plane.engine.stats()).toMatchObject({ cells: 0, observers: 0 });
  await close();
  return { before: before.heap, after: after.heap };
}
