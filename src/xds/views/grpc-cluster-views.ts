import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import { ruleForProxy } from '../../mesh/traffic-policy/pick-rule.ts';
import { serviceKey } from '../../model/service.ts';
import { buildGrpcClusters } from '../grpc/grpc-clusters.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

const noRule = {};

/** Clusters of proxyless gRPC by name. */
export function grpcClusterViews(mesh: Mesh, encoder: ResourceEncoder): (scope: OutboundScope) => MapCell<EncodedResource> {
  const views = perServiceViews<OutboundScope>(mesh, (read, scope, client, service) => {
    const settings = read(mesh.settings);
    const rule = ruleForProxy(read(mesh.rules.rulesFor(client, service.namespace, service.hostname)), 'outbound', scope);
    const serviceAccounts = read(mesh.endpointFacts.serviceAccounts(serviceKey(service)));
    const { features } = scope;
    return encoder.once([service, rule ?? noRule, settings, serviceAccounts], `grpc|${features.workloadCertificates}`, () =>
      buildGrpcClusters({ service, rule, serviceAccounts, settings, features }).map((cluster) =>
        encoder.encode(typeUrls.CDS, cluster.name, cluster),
      ),
    );
  });
  return (scope) => views({ ...scope, dnsDomain: '' });
}
