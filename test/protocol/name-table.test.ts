// The name table of the agent's DNS server (NDS): one resource without a name, served like any other type.
import { describe, expect, it, onTestFinished } from 'vitest';
import { loadProtos } from '../../src/envoy/protos.ts';
import { toStruct } from '../../src/lib/struct.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import type { AnyMessage } from './scripted-client.ts';
import { serveClients, type Variant } from './served-clients.ts';

const protos = loadProtos();

function service(name: string, clusterIP: string): string {
  return `{apiVersion: v1, kind: Service, metadata: {name: ${name}, namespace: shop}, spec: {clusterIP: ${clusterIP}, ports: [{name: http, port: 80}]}}`;
}

/** Names and addresses, as `name=address`. */
function read({ type_url: typeUrl, value }: AnyMessage): readonly [string, string] {
  const { table } = protos.decode<{ readonly table: Record<string, { readonly ips: readonly string[] }> }>(
    typeUrl.split('/')[1] ?? '',
    value,
  );
  return [
    '',
    Object.entries(table)
      .map(([name, { ips }]) => `${name}=${ips.join(',')}`)
      .join(' '),
  ];
}

async function connected(variant: Variant) {
  const mesh = await TextMesh.create({ config: [service('a', '10.0.0.1')] });
  const served = await serveClients(mesh.plane.source);
  onTestFinished(() => served.close());
  const nodeId = 'sidecar~10.1.0.9~client.shop~shop.svc.cluster.local';
  const node = { id: nodeId, metadata: toStruct({ NAMESPACE: 'shop', DNS_CAPTURE: 'true' }) };
  return { mesh, client: served.connect(variant, { nodeId, node, read }) };
}

describe.each(['sotw', 'delta'] as const)('%s: the name table', (variant) => {
  it('is whole, is sent again when a name changes, and not when something else does', async () => {
    const { mesh, client } = await connected(variant);
    client.send('NDS');
    const first = await client.expectAck('NDS');
    expect(first.contents).toEqual({ '': 'a.shop.svc.cluster.local=10.0.0.1' });
    mesh.texts.apply(service('b', '10.0.0.2'));
    const second = await client.expectAck('NDS');
    expect(second.contents).toEqual({ '': 'a.shop.svc.cluster.local=10.0.0.1 b.shop.svc.cluster.local=10.0.0.2' });
    mesh.texts.apply('{apiVersion: v1, kind: Namespace, metadata: {name: shop, labels: {a: b}}}');
    await client.expectSilence('NDS');
  });
});
