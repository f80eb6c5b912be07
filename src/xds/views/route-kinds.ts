import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { scopeKey } from '../../mesh/scope.ts';
import { tableOfVirtualHost } from '../../model/virtual-host-resource.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { emptyRouteConfig } from '../routes/sidecar-route-config.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { gatewayRouteViews } from './gateway-route-views.ts';
import { httpProxyRouteViews } from './http-proxy-route-views.ts';
import { layeredRouteProducts } from './layered-route-products.ts';
import { patchedApartViews } from './patched-apart-views.ts';
import { patchedRouteViews } from './patched-route-views.ts';
import type { Patching } from './patching.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import type { ResourcePatcher } from './resource-patcher.ts';
import { routeLayers } from './route-layers.ts';
import { routeProducts } from './route-products.ts';
import { sidecarRouteProducts } from './sidecar-route-products.ts';
import { TableEncoder } from './table-encoder.ts';
import type { ViewKind } from './view-kind.ts';
import { isTakenApart, nowhere, VirtualHostEncoder } from './virtual-host-encoder.ts';

type Product = 'whole' | 'frames' | 'virtualHosts';

/** Route tables, and the virtual hosts of those that are sent without them. */
export function routeKinds(
  mesh: Mesh,
  encoder: ResourceEncoder,
  patching: Patching & { readonly patcher: ResourcePatcher },
): readonly ViewKind[] {
  const encoders = { tables: new TableEncoder(encoder), hosts: new VirtualHostEncoder(encoder) };
  const ofNamespace = layeredRouteProducts(mesh, encoders, routeLayers(mesh));
  const ofSidecar = sidecarRouteProducts(mesh, encoders);
  const tables = {
    ofNamespace: ofNamespace.tables,
    ofSidecar: ofSidecar.tables,
    ofHttpProxy: httpProxyRouteViews(mesh),
    ofGateway: gatewayRouteViews(mesh),
  };
  const ofHttpProxy = routeProducts(mesh.engine, encoders, tables.ofHttpProxy);
  const ofGateway = routeProducts(mesh.engine, encoders, tables.ofGateway);
  const patchedBy = (message: object) => patching.provenance.get(message);
  const ofPatched = routeProducts(mesh.engine, { ...encoders, patchedBy }, patchedRouteViews(mesh, tables, patching));

  const outbound = (product: Product) => (scope: ProxyScopes['outbound']) =>
    (scope.sidecar === undefined ? ofNamespace : ofSidecar)[product](scope);
  const withHttpProxy = productOf((product) =>
    mesh.engine.mapFamily((key) => {
      const scope = JSON.parse(key) as ProxyScopes['outbound'];
      return mesh.engine.overlay<EncodedResource>([ofHttpProxy[product](scope), outbound(product)(scope)]);
    }),
  );
  const unpatched = (product: Product, scope: ProxyScopes['outbound'], hasHttpProxy: boolean) =>
    hasHttpProxy ? withHttpProxy[product](scopeKey(scope)) : outbound(product)(scope);
  const apart = patchedApartViews(
    mesh.engine,
    (product, { outbound: scope, hasHttpProxy }) => unpatched(product, scope, hasHttpProxy),
    patching,
  );
  const choose = (product: Product, { gateway, outbound: scope, inbound, patches }: ProxyScopes): MapCell<EncodedResource> => {
    if (patches?.routes !== undefined) {
      if (gateway === undefined && patches.areHostsAlone && product !== 'whole')
        return apart[product]({ outbound: scope, hasHttpProxy: inbound.httpProxyPort !== undefined, patches: patches.routes });
      const whose = gateway === undefined ? { outbound: scope, hasHttpProxy: inbound.httpProxyPort !== undefined } : { gateway };
      return ofPatched[product]({ ...whose, patches: patches.routes });
    }
    if (gateway !== undefined) return ofGateway[product](gateway);
    return unpatched(product, scope, inbound.httpProxyPort !== undefined);
  };
  return [
    {
      typeUrl: typeUrls.RDS,
      choose: (scopes) => choose(scopes.takesVirtualHosts ? 'frames' : 'whole', scopes),
      absent: (name, { takesVirtualHosts }) =>
        takesVirtualHosts && isTakenApart(name)
          ? encoders.hosts.frame(emptyRouteConfig(name))
          : encoder.encode(typeUrls.RDS, name, emptyRouteConfig(name)),
    },
    {
      typeUrl: typeUrls.VHDS,
      choose: (scopes) => (scopes.takesVirtualHosts ? choose('virtualHosts', scopes) : undefined),
      absent: (name) =>
        isTakenApart(tableOfVirtualHost(name)) ? encoder.encode(typeUrls.VHDS, name, { name, domains: [nowhere] }) : undefined,
    },
  ];
}

function productOf<T>(make: (product: Product) => T): Readonly<Record<Product, T>> {
  return { whole: make('whole'), frames: make('frames'), virtualHosts: make('virtualHosts') };
}
