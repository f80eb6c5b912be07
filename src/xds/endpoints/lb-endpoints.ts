import type { Address } from '../../envoy/generated/envoy/config/core/v3/Address.ts';
import type { Endpoint as EnvoyEndpoint } from '../../envoy/generated/envoy/config/endpoint/v3/Endpoint.ts';
import type { LbEndpoint } from '../../envoy/generated/envoy/config/endpoint/v3/LbEndpoint.ts';
import { type Struct, toStruct } from '../../lib/struct.ts';
import type { FeatureFlags } from '../../mesh/feature-flags.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { type PeerWorkload, peerText } from './peer-text.ts';

/**
 * Makes the Envoy message of each endpoint once and hands the same object to every assignment that holds it: nobody may
 * change it. Remembers by identity, so an endpoint that the registry replaced is made anew.
 */
export class LbEndpoints {
  readonly #withTelemetry: boolean;
  readonly #plain = new WeakMap<Endpoint, LbEndpoint>();
  readonly #mutual = new WeakMap<Endpoint, LbEndpoint>();

  constructor(options: { readonly flags: FeatureFlags }) {
    this.#withTelemetry = options.flags.PILOT_ENABLE_TELEMETRY_LABEL;
  }

  /** `isMutual`: clients may speak Istio mutual TLS to it, which the clusters' transport socket match reads. */
  get(endpoint: Endpoint, isMutual: boolean): LbEndpoint {
    const known = isMutual ? this.#mutual : this.#plain;
    const found = known.get(endpoint);
    if (found) return found;
    const made = buildLbEndpoint(endpoint, isMutual, this.#withTelemetry);
    known.set(endpoint, made);
    return made;
  }
}

/** Pods carry this label while they drain persistent sessions (Istio PILOT_DRAINING_LABEL). */
export const drainingLabel = 'istio.io/draining';

export function isDraining(endpoint: Endpoint): boolean {
  return endpoint.health === 'DRAINING' || (endpoint.labels[drainingLabel] ?? '') !== '';
}

/** `unix:///path`, `@abstract` and endpoints without a port are pipes, everything else is TCP. */
export function addressMessage(address: string, port: number): Address {
  if (port === 0) return { pipe: { path: address.startsWith('unix://') ? address.slice('unix://'.length) : address } };
  return { socket_address: { address, port_value: port } };
}

/** The metadata that telemetry and transport socket matches read; the tlsMode only as far as mutual TLS is possible. */
export function endpointMetadata(about: PeerWorkload, tlsMode: 'istio' | 'disabled', withTelemetry: boolean): { [filter: string]: Struct } {
  const metadata: { [filter: string]: Struct } = {};
  if (tlsMode === 'istio') metadata['envoy.transport_socket_match'] = toStruct({ tlsMode });
  if (withTelemetry) {
    metadata['istio'] = toStruct({ workload: peerText(about) });
  }
  return metadata;
}

function additionalAddresses({ additionalAddresses: more = [], port }: Endpoint): Pick<EnvoyEndpoint, 'additional_addresses'> {
  return more.length === 0 ? {} : { additional_addresses: more.map((address) => ({ address: addressMessage(address, port) })) };
}

function buildLbEndpoint(endpoint: Endpoint, isMutual: boolean, withTelemetry: boolean): LbEndpoint {
  return {
    endpoint: { address: addressMessage(endpoint.address, endpoint.port), ...additionalAddresses(endpoint) },
    health_status: isDraining(endpoint) ? 'DRAINING' : endpoint.health === 'UNHEALTHY' ? 'UNHEALTHY' : 'HEALTHY',
    metadata: { filter_metadata: endpointMetadata(endpoint, isMutual ? endpoint.tlsMode : 'disabled', withTelemetry) },
    load_balancing_weight: { value: endpoint.weight },
  };
}
