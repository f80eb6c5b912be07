import type { ResolvedVirtualService } from '../../mesh/routing/resolved-virtual-service.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { Service } from '../../model/service.ts';
import type { HttpPolicyFilters } from '../filters/http-filters.ts';
import type { FilterContext } from '../filters/listener-class.ts';
import type { NetworkPolicyFilters } from '../filters/network-filters.ts';
import type { OutboundListenerKey } from './outbound-listener-keys.ts';

/** What a chain asks of a DestinationRule. */
export type ListenerRule = Pick<EffectiveRule, 'trafficPolicy' | 'subsets'>;

/** A service port on a listener, with what decides where its connections go. */
export interface OutboundEntry extends OutboundListenerKey {
  readonly service: Service;
  /** Those that have a host in common with the service and hold for sidecars, in order of precedence; HTTP does not ask for them. */
  readonly virtualServices: readonly ResolvedVirtualService[];
  /** The service's own rule. */
  readonly rule: ListenerRule | undefined;
  /** Hosts of ExternalName services that stand for the service: further server names. */
  readonly aliases?: readonly string[];
}

/** What the listeners of one class of clients may ask. */
export interface OutboundWorld {
  readonly context: FilterContext & { readonly class: 'sidecar-outbound' };
  readonly findService: (host: string) => Service | undefined;
  readonly findRule: (host: string) => ListenerRule | undefined;
  readonly httpPolicies?: HttpPolicyFilters;
  readonly networkPolicies?: NetworkPolicyFilters;
}
