import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';

/**
 * The resources that one service comes to. `clientNamespace` is empty where they are made for every namespace that has no
 * say of its own: nothing of the scope's namespace may be looked at then.
 */
export type ServiceResources<S extends OutboundScope> = (
  read: Read,
  scope: S,
  clientNamespace: string,
  service: Service,
) => readonly EncodedResource[];

/**
 * Views whose resources each come from one service: clusters and endpoints. What is public is made once for all namespaces;
 * a namespace adds a layer with what it sees differently; a Sidecar's view lists what it imports. Views are shared by key.
 * `differing` names, by hostname, the services that a namespace cannot share.
 */
export function perServiceViews<S extends OutboundScope>(
  mesh: Mesh,
  resources: ServiceResources<S>,
  differing: (scope: S) => MapCell<Service> = ({ role, namespace }) =>
    role === 'router' ? mesh.differingAtGateways(namespace) : mesh.differingServices(namespace),
): (scope: S) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const bundles = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as S;
    return engine.mapValues(mesh.services.everywhere, (service, _host, read) => resources(read, scope, '', service), sameBundle);
  });
  const shared = engine.mapFamily((key) => engine.flatMap(bundles(key), byName, sameResource));
  const ofNamespace = engine.mapFamily<EncodedResource>((key) => {
    const scope = JSON.parse(key) as S;
    const common = scopeKey(withoutClient(scope));
    const own = engine.flatMap<Service, EncodedResource | null>(
      differing(scope),
      (service, hostname, read) => {
        const entries = new Map<string, EncodedResource | null>();
        for (const { name } of read(bundles(common).at(hostname)) ?? []) entries.set(name, null);
        for (const resource of resources(read, scope, scope.namespace, service)) entries.set(resource.name, resource);
        return entries;
      },
      sameResource,
    );
    return engine.overlay<EncodedResource>([own, shared(common)]);
  });
  const ofSidecar = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as S;
    const imported = mesh.sidecars.imported(scope.sidecar ?? '', scope.namespace);
    return engine.flatMap(imported, (service, _host, read) => byName(resources(read, scope, scope.namespace, service)), sameResource);
  });
  return (scope) => (scope.sidecar === undefined ? ofNamespace : ofSidecar)(scopeKey(scope));
}

/** The scope without what only the client's own layer may look at. */
function withoutClient<S extends OutboundScope>(scope: S): S {
  return { ...scope, namespace: '', dnsDomain: '', labels: {} };
}

function byName(bundle: readonly EncodedResource[]): readonly (readonly [string, EncodedResource])[] {
  return bundle.map((resource) => [resource.name, resource] as const);
}

function sameBundle(a: readonly EncodedResource[], b: readonly EncodedResource[]): boolean {
  return a.length === b.length && a.every((resource, index) => sameResource(resource, b[index] ?? null));
}
