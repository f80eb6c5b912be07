import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type GatewayScope, scopeKey } from '../../mesh/scope.ts';
import { impliedDestinations } from '../../mesh/sidecar/implied-destinations.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';

type Clusters = (scopes: ProxyScopes) => MapCell<EncodedResource>;

/**
 * Of the clusters of a gateway only those that its routes lead to, and those of the mesh's extension providers
 * (PILOT_FILTER_GATEWAY_CLUSTER_CONFIG; Istio `GatewayServices`). Clusters of no service stay.
 */
export function reachedClusters(mesh: Mesh, clusters: Clusters): Clusters {
  const { engine } = mesh;
  const reached = engine.family<ReadonlySet<string>>((key, read) => {
    const scope = JSON.parse(key) as GatewayScope;
    return new Set([...routedHosts(mesh, read, scope), ...providerHosts(read(mesh.settings).config)]);
  }, sameHosts);
  const views = engine.mapFamily((key) => {
    const scopes = JSON.parse(key) as ProxyScopes & { readonly gateway: GatewayScope };
    const all = clusters(scopes);
    const hosts = reached(scopeKey(scopes.gateway));
    return engine.mapFrom((read) => {
      const kept = read(hosts);
      return [...read(all)].filter(([name]) => isKept(name, kept));
    });
  });
  return (scopes) => (scopes.gateway === undefined ? clusters(scopes) : views(scopeKey(scopes)));
}

function* routedHosts(mesh: Mesh, read: Read, scope: GatewayScope): Iterable<string> {
  const { ports } = read(mesh.gateways.merged(scope));
  const gateways = new Set(ports.flatMap(({ servers }) => servers.map(({ gateway }) => gateway)));
  for (const gateway of gateways) {
    for (const root of read(mesh.virtualServices.forGateway(gateway, scope.namespace))) {
      yield* impliedDestinations(root, scope.namespace).keys();
    }
  }
}

/** `host` or `namespace/host`, as providers name their service. */
function providerHosts({ extensionProviders = [] }: MeshConfig): readonly string[] {
  return extensionProviders.flatMap((provider) =>
    Object.values(provider).flatMap((settings) => {
      const name = typeof settings === 'object' && 'service' in settings ? (settings.service ?? '') : '';
      return name === '' ? [] : [name.slice(name.indexOf('/') + 1)];
    }),
  );
}

function isKept(cluster: string, hosts: ReadonlySet<string>): boolean {
  const [direction, , , host] = cluster.split('|');
  return direction !== 'outbound' || host === undefined || hosts.has(host);
}

function sameHosts(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  return a.size === b.size && [...a].every((host) => b.has(host));
}
