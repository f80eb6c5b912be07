import type { MergedServer } from '../../mesh/gateways/merged-gateway.ts';
import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import type { GatewayScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import type { HttpPolicyFilters } from '../filters/http-filters.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import type { NetworkPolicyFilters } from '../filters/network-filters.ts';
import type { ExternalSecrets } from './external-secrets.ts';

/** The mesh as the listeners of one class of gateways see it: every question they may ask. */
export interface GatewayWorld {
  readonly scope: GatewayScope;
  readonly settings: MeshSettings;
  /** What is recorded of the gateway's traffic, and by which filters. */
  readonly observed: Pick<FilterContext, 'telemetry' | 'extensions' | 'spanService'>;
  /** VirtualServices bound to a Gateway `namespace/name` and visible, in order of precedence. */
  readonly virtualServicesOf: (gateway: string) => readonly ResolvedVirtualService[];
  readonly findService: (hostname: string) => Service | undefined;
  readonly findRule: (hostname: string) => EffectiveRule | undefined;
  /** All that the gateway sees, by hostname; asked only for AUTO_PASSTHROUGH. */
  readonly services: () => Iterable<Service>;
  /** Who serves the secrets `sds://name`: a server of their own, we, or nobody as it cannot be found. */
  readonly externalSecrets: () => ExternalSecrets | 'ours' | 'nobody';
  /** Filters that policies contribute. */
  readonly policies?: {
    readonly http?: HttpPolicyFilters;
    readonly tcp?: NetworkPolicyFilters;
  };
}

/** The port of a server as filters want it: the number that the Gateway states. */
export function filterPort({ port }: MergedServer): ServicePort {
  return { number: port.number, name: port.name, protocol: port.protocol };
}
