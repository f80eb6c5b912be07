import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import type { Service } from '../../model/service.ts';

/** What the TLS of an outbound cluster depends on, beside the DestinationRule's `tls`. */
export interface UpstreamTlsInput {
  readonly service: Pick<Service, 'provider'>;
  /** SPIFFE identities of the service: whom mutual TLS accepts. */
  readonly serviceAccounts: readonly string[];
  /** SNI of mutual TLS, empty for a dynamic forward proxy. */
  readonly sni: string;
  /** Whether mutual TLS without a DestinationRule may be used: `autoMutualTlsAllowed`. */
  readonly isAutoAllowed: boolean;
  /** The rule has a workloadSelector: only then a sidecar may fetch a credentialName. */
  readonly isForSelectedWorkloads: boolean;
  readonly settings: MeshSettings;
  readonly scope: OutboundScope;
}

/** Subject alternative names that must match to the letter. */
export function exactNames(names: readonly string[]) {
  return names.map((exact) => ({ exact }));
}
