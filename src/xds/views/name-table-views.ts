import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell, Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type EndpointScope, scopeKey } from '../../mesh/scope.ts';
import { type Service, serviceKey } from '../../model/service.ts';
import { type NameEntry, type NameScope, nameEntries } from '../dns/name-entries.ts';
import { buildNameTable } from '../dns/name-table.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

type TableScope = NameScope & Pick<EndpointScope, 'namespace' | 'sidecar'>;

/**
 * The name table of the agent's DNS server: one resource without a name, with every service that the proxy sees, or that the
 * egress listeners of its Sidecar name. Its entries
 * are made service by service, once for all namespaces; a table is put together only for who asks for it.
 */
export function nameTableViews(mesh: Mesh, encoder: ResourceEncoder): (scope: EndpointScope) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const entriesOf = (read: Read, scope: TableScope, service: Service): readonly NameEntry[] =>
    nameEntries({
      service,
      scope,
      endpoints: service.addresses.length > 0 ? [] : (read(mesh.endpoints.at(serviceKey(service))) ?? []),
      acrossClusters: read(mesh.settings).flags.ENABLE_MULTICLUSTER_HEADLESS,
    });
  const everywhere = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as TableScope;
    return engine.mapValues(mesh.services.everywhere, (service, _host, read) => entriesOf(read, scope, service));
  });
  const onlyIn = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as TableScope;
    return engine.mapValues(mesh.services.onlyIn(scope.namespace), (service, _host, read) => entriesOf(read, scope, service));
  });
  const tables = engine.mapFamily((key) => {
    const scope = JSON.parse(key) as TableScope;
    const seen = engine.overlay([onlyIn(key), everywhere(scopeKey({ ...scope, namespace: '' }))]);
    return encodeAll(mesh, (read) => {
      const entries =
        scope.sidecar === undefined ? [...read(seen).values()] : imported(read, scope).map((one) => entriesOf(read, scope, one));
      return [encoder.encode(typeUrls.NDS, '', buildNameTable(entries.flat()))];
    });
  });
  return (scope) => tables(scopeKey(scopeOfTable(scope)));

  function imported(read: Read, scope: TableScope): readonly Service[] {
    const egress = read(mesh.sidecars.scope(scope.sidecar ?? '', scope.namespace))?.egress ?? [];
    return [...new Set(egress.flatMap(({ services }) => [...services.values()]))];
  }
}

function scopeOfTable({ namespace, sidecar, features, clusterId, network }: EndpointScope): TableScope {
  const { ipv4, ipv6, usesAllocatedAddresses } = features;
  return { namespace, ...(sidecar !== undefined && { sidecar }), features: { ipv4, ipv6, usesAllocatedAddresses }, clusterId, network };
}
