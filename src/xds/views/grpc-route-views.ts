import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Service } from '../../model/service.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import { buildGrpcRouteConfig } from '../grpc/grpc-route-config.ts';
import type { VirtualHostEntry } from '../routes/virtual-host-entry.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';
import { serviceEntries } from './route-entries.ts';
import { routeOverrides } from './route-overrides.ts';
import { egressWorld, namespaceWorld } from './route-worlds.ts';

/** Route tables of proxyless gRPC by name: one for each routed port of each service. */
export function grpcRouteViews(mesh: Mesh, encoder: ResourceEncoder): (scope: OutboundScope) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const overridesOf = routeOverrides(mesh, { shortNames: true });
  const special = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as OutboundScope;
    const hosts = engine.mapFrom((read) => [...read(overridesOf(scope)).hosts].map((host) => [host, true] as const));
    return engine.mapValues(hosts, (_true, host, read) => read(mesh.services.find(scope.namespace, host)));
  });
  const views = perServiceViews<OutboundScope>(
    mesh,
    (read, scope, _client, service) =>
      entriesOf(mesh, read, scope, service).map((entry) => {
        const table = buildGrpcRouteConfig(entry);
        return encoder.encode(typeUrls.RDS, table.name ?? '', table);
      }),
    (scope) => special(scopeKey(scope)),
  );
  return (scope) => views({ ...scope, dnsDomain: '' });
}

/**
 * One entry per routed port. Names are shortened as the service's own namespace would: who holds the table has been led to
 * this service already, so all clients may share it.
 */
function entriesOf(mesh: Mesh, read: Read, scope: OutboundScope, service: Service): readonly VirtualHostEntry[] {
  const inside = { ...scope, dnsDomain: `${service.namespace}.svc.${read(mesh.settings).domainSuffix}` };
  if (scope.sidecar === undefined) return serviceEntries(namespaceWorld(mesh, read, inside), service);
  const source = read(mesh.inputs.config.sidecars.at(scope.sidecar));
  if (source === undefined) return [];
  return service.ports.flatMap(({ number }) => {
    const index = egressOfPort(source.spec, number);
    if (index < 0) return [];
    return serviceEntries(egressWorld(mesh, read, inside, index), service).filter(({ port }) => port === number);
  });
}

/** The first egress listener with that port has it to itself; the catch-all stands for all others. -1: none has it. */
function egressOfPort({ egress = [] }: Sidecar, port: number): number {
  if (egress.length === 0) return 0;
  const ofPort = egress.findIndex((listener) => listener.port?.number === port);
  return ofPort >= 0 ? ofPort : egress.findIndex((listener) => listener.port === undefined);
}
