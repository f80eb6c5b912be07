/** A wildcard's VirtualService costs the services under it, not all that there are. */
import { expect, test } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const wildcards = 200;

function service(host: string): string {
  return `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${host.replaceAll('.', '-')}, namespace: shop}
spec: {hosts: [${host}], location: MESH_INTERNAL, resolution: STATIC, ports: [{number: 8080, name: http, protocol: HTTP}], endpoints: [{address: 10.2.0.1}]}
`;
}

function virtualService(i: number): string {
  return `
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: x${i}, namespace: shop}
spec: {hosts: ['*.x${i}.com'], http: [{route: [{destination: {host: b.other.org, port: {number: 8080}}}]}]}
`;
}

test('a new service makes nothing anew for wildcards that do not cover it, and is found by the one that does', async () => {
  const many = Array.from({ length: wildcards }, (_, i) => virtualService(i));
  const mesh = await TextMesh.create({ config: [service('b.other.org'), service('a.x7.com'), ...many] });
  const proxy = mesh.connect({ nodeId: 'sidecar~10.0.0.1~p.shop~shop.svc.cluster.local', metadata: { NAMESPACE: 'shop' } });
  const routes = () => [...(proxy.view(typeUrls.RDS)?.all().keys() ?? [])].length;
  routes();
  const target = (host: string) => {
    const table = JSON.stringify(mesh.resources(proxy, 'RDS').get('8080'));
    return table.slice(table.indexOf(`"name":"${host}:8080"`)).match(/"cluster":"([^"]*)"/)?.[1];
  };
  expect(target('a.x7.com')).toBe('outbound|8080||b.other.org');
  const before = mesh.plane.engine.stats().recomputed;
  mesh.texts.apply(service('a.unrelated.net'));
  routes();
  expect(mesh.plane.engine.stats().recomputed - before).toBeLessThan(wildcards);
  mesh.texts.apply(service('late.x7.com'));
  expect(target('late.x7.com')).toBe('outbound|8080||b.other.org');
});
