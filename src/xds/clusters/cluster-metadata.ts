import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { Service } from '../../model/service.ts';
import type { ServiceTarget } from '../../model/service-target.ts';
import { configPath } from '../config-metadata.ts';
import type { ClusterDraft } from './cluster-draft.ts';

/** What telemetry labels are made from: the service of an outbound cluster. */
export function describeService(draft: ClusterDraft, service: Service): void {
  draft.istioMetadata['services'] = [serviceMetadata(service)];
}

/** Inbound: all services that reach the workload through the port that decides the protocol, each host once. */
export function describeTargets(draft: ClusterDraft, targets: readonly ServiceTarget[]): void {
  const first = targets[0];
  if (first === undefined || first.service.meshExternal) return;
  const hosts = new Set<string>();
  const services: object[] = [];
  for (const { service, port } of targets) {
    if (port.number !== first.port.number || hosts.has(service.hostname)) continue;
    hosts.add(service.hostname);
    services.push(serviceMetadata(service));
  }
  draft.istioMetadata['services'] = services;
}

/** Which DestinationRule shaped the cluster, and that Istio's own ALPN does not suit the TLS it asks for. */
export function describeRule(draft: ClusterDraft, rule: EffectiveRule, policy: TrafficPolicy | undefined): void {
  draft.istioMetadata['config'] = configPath(rule.sources[0]);
  const mode = policy?.tls?.mode;
  if (mode === 'SIMPLE' || mode === 'MUTUAL') draft.istioMetadata['alpn_override'] = 'false';
}

function serviceMetadata(service: Service) {
  return { host: service.hostname, name: service.name, namespace: service.namespace };
}
