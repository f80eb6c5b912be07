import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { isHttp, type Protocol } from '../../model/protocol.ts';
import { wildcardAddresses } from './listener-addresses.ts';

/** Health and metrics of the proxy itself, in its bootstrap, unless its node says otherwise. */
export const bootstrapPorts = [15021, 15090] as const;

/** What somebody wants to listen on; `bind` empty: it follows from the protocol. */
export interface WantedPort {
  readonly bind: string;
  readonly port: number;
  readonly protocol: Protocol;
  readonly bindToPort: boolean;
}

type BindScope = { readonly features: Pick<OutboundScope['features'], 'ipv4' | 'ipv6' | 'isUnprivileged' | 'bootstrapPorts'> };

/**
 * Whether a proxy can listen there beside what it must have (Istio `CanBindToPort`). Only the wildcard address collides, with
 * the listeners of the bootstrap and, unless `settings` is left out, with those that catch all traffic.
 */
export function canBindToPort(wanted: WantedPort, scope: BindScope, settings?: MeshSettings): boolean {
  const { bind, port, protocol } = wanted;
  if (wanted.bindToPort && scope.features.isUnprivileged === true && port > 0 && port < 1024) return false;
  const [wildcard] = wildcardAddresses(scope);
  const usesWildcard = bind === '' ? isHttp(protocol) : bind === wildcard;
  if (!usesWildcard) return true;
  const taken: readonly number[] = scope.features.bootstrapPorts ?? bootstrapPorts;
  return !taken.includes(port) && (settings === undefined || !virtualPorts(settings).includes(port));
}

function virtualPorts(settings: MeshSettings): readonly number[] {
  return [outboundPort(settings), inboundPort(settings)];
}

/** Where redirected traffic of the application arrives. */
export function outboundPort({ config }: MeshSettings): number {
  return config.proxyListenPort ?? 15001;
}

/** Where redirected traffic to the application arrives. */
export function inboundPort({ config }: MeshSettings): number {
  return config.proxyInboundListenPort ?? 15006;
}
