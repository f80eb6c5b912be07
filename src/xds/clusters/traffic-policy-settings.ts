import type { MeshSettings } from '../../mesh/settings.ts';
import type { TrafficPolicy } from '../../mesh/traffic-policy/traffic-policy.ts';
import type { ProxyRole } from '../../model/proxy.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { ClusterDraft } from './cluster-draft.ts';
import { applyConnectionPool } from './connection-pool.ts';
import { applyLoadBalancer } from './load-balancing.ts';
import { applyOutlierDetection } from './outlier-detection.ts';
import { applyH2Upgrade } from './upstream-protocol.ts';

/** The parts of a traffic policy that do not concern TLS, in the order in which they build on each other. */
export function applyOutboundPolicy(
  draft: ClusterDraft,
  policy: TrafficPolicy | undefined,
  about: { readonly service: Service; readonly port: ServicePort; readonly role: ProxyRole; readonly settings: MeshSettings },
): void {
  const { service, port, settings } = about;
  const pool = policy?.connectionPool ?? {};
  applyH2Upgrade(draft, port, settings, pool);
  applyConnectionPool(draft, settings, pool, policy?.retryBudget);
  applyOutlierDetection(draft, policy?.outlierDetection, service, settings);
  applyLoadBalancer(draft, policy?.loadBalancer, about);
}
