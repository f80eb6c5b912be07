import { typeUrls } from '../../envoy/type-urls.ts';
import type { MapCell } from '../../incremental/cell.ts';
import { mtlsModeOfPort } from '../../mesh/authentication/effective-mtls.ts';
import type { MutualTlsMode } from '../../mesh/authentication/mutual-tls-mode.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import { type InboundScope, type OutboundScope, scopeKey } from '../../mesh/scope.ts';
import type { Labels } from '../../model/labels.ts';
import type { Service } from '../../model/service.ts';
import { grpcInboundListeners } from '../grpc/grpc-inbound-listener.ts';
import { buildGrpcListener } from '../grpc/grpc-listener.ts';
import { bareListenerName, grpcListenerNames } from '../grpc/grpc-listener-names.ts';
import { outboundClusterName } from '../names.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import { encodeAll } from './encode-all.ts';
import type { EncodedResource } from './encoded-resource.ts';
import { perServiceViews } from './per-service-views.ts';
import type { ResourceEncoder } from './resource-encoder.ts';

/**
 * Listeners of proxyless gRPC by name: `host:port` of every service under all its names, the bare names of services in the
 * client's own namespace, and those of the ports that the client itself serves. A name that is a service's in full wins.
 */
export function grpcListenerViews(
  mesh: Mesh,
  encoder: ResourceEncoder,
): (scopes: Pick<ProxyScopes, 'outbound' | 'inbound'>) => MapCell<EncodedResource> {
  const { engine } = mesh;
  const listener = (service: Service, port: number, name: string) => {
    const routeConfigName = outboundClusterName(port, '', service.externalName?.toLowerCase() ?? service.hostname);
    return encoder.encode(typeUrls.LDS, name, buildGrpcListener({ name, routeConfigName }));
  };
  const qualified = perServiceViews<OutboundScope>(mesh, (_read, _scope, _client, service) =>
    portsOf(service).flatMap((port) => grpcListenerNames(service, port).map((name) => listener(service, port, name))),
  );
  const bare = engine.mapFamily((key) => {
    const { namespace, sidecar } = JSON.parse(key) as OutboundScope;
    return engine.mapFrom(function* (read) {
      for (const { hostname } of read(mesh.services.ofNamespace(namespace)).values()) {
        const service = read(mesh.importedService({ namespace, ...(sidecar !== undefined && { sidecar }) }, hostname));
        if (service?.namespace !== namespace) continue;
        for (const port of portsOf(service)) {
          const name = bareListenerName(service, port);
          if (name !== undefined) yield [name, listener(service, port, name)] as const;
        }
      }
    });
  });
  const inbound = engine.mapFamily((key) => {
    const { address, targets, namespace, workloadLabels } = JSON.parse(key) as InboundPart;
    return encodeAll(mesh, (read) => {
      const mtls = mesh.authentication.ofWorkload(read, namespace, workloadLabels);
      const ports = [...new Set(targets.map(({ targetPort }) => targetPort))];
      const listeners = ports.flatMap((port) => grpcInboundListeners(address, port, isMutual(mtlsModeOfPort(mtls, port), workloadLabels)));
      return listeners.map((one) => encoder.encode(typeUrls.LDS, one.name ?? '', one));
    });
  });
  const views = engine.mapFamily((key) => {
    const { outbound, own } = JSON.parse(key) as { readonly outbound: OutboundScope; readonly own?: InboundPart };
    const { namespace, sidecar } = outbound;
    return engine.overlay<EncodedResource>([
      qualified(outbound),
      bare(scopeKey({ namespace, ...(sidecar !== undefined && { sidecar }) })),
      ...(own === undefined ? [] : [inbound(scopeKey(own))]),
    ]);
  });
  return ({ outbound, inbound: { address, targets, namespace, workloadLabels } }) => {
    const shared = { ...outbound, dnsDomain: '', labels: {} };
    return views(scopeKey({ outbound: shared, ...(targets.length > 0 && { own: { address, targets, namespace, workloadLabels } }) }));
  };
}

/** What of a workload its own listeners are made from. */
type InboundPart = Pick<InboundScope, 'address' | 'targets' | 'namespace' | 'workloadLabels'>;

/** PERMISSIVE is plain text, unless the workload's label has told all clients to use mutual TLS (Istio `grpcgen`). */
function isMutual(mode: MutualTlsMode, labels: Labels): boolean {
  return mode === 'STRICT' || (mode === 'PERMISSIVE' && labels['security.istio.io/tlsMode'] === 'istio');
}

function portsOf(service: Service): readonly number[] {
  return service.ports.filter(({ protocol }) => protocol !== 'UDP').map(({ number }) => number);
}
