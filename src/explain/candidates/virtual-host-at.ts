import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { ServedResources } from '../../simulate/resources.ts';
import type { Place } from '../../simulate/step.ts';
import { partsAt } from '../origins/metadata-at.ts';

/** The virtual host that a route is in. */
export function virtualHostAt(resources: ServedResources, place: Place | undefined): VirtualHost | undefined {
  return place?.resource === 'route table' ? (partsAt(resources, place)[2] as VirtualHost | undefined) : undefined;
}

/** `reviews.default.svc.cluster.local` of `reviews.default.svc.cluster.local:9080`. */
export function hostOfVirtualHost({ name = '' }: VirtualHost): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(':'))).replace(/^\[(.*)\]$/, '$1');
}
