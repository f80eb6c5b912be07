import type { ConfigObject } from '../../model/config-object.ts';
import { refOf } from '../../model/config-object.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';

/** The Sidecar that holds for the workload. */
export function sidecarOf({ world, scopes }: Pick<ServedProxy, 'world' | 'scopes'>): ConfigObject<Sidecar> | undefined {
  const key = scopes.inbound.sidecar;
  return key === undefined ? undefined : world.table('Sidecar').lookup(key);
}

/** The egress listener of the Sidecar that a port belongs to: one with the port, else the one without any. */
export function egressOrigin(proxy: ServedProxy, port: number): Origin | undefined {
  const sidecar = sidecarOf(proxy);
  const egress = sidecar?.spec.egress ?? [];
  const own = egress.findIndex((listener) => listener.port?.number === port);
  const index = own >= 0 ? own : egress.findIndex((listener) => listener.port === undefined);
  return sidecar === undefined || index < 0 ? undefined : locateOrigin(proxy.world, refOf(sidecar), ['spec', 'egress', index]);
}

/** The ingress listener of the Sidecar for a port. */
export function ingressOrigin(proxy: ServedProxy, port: number): Origin | undefined {
  const sidecar = sidecarOf(proxy);
  const index = (sidecar?.spec.ingress ?? []).findIndex((listener) => listener.port.number === port);
  return sidecar === undefined || index < 0 ? undefined : locateOrigin(proxy.world, refOf(sidecar), ['spec', 'ingress', index]);
}

/** What says where requests for unknown hosts go: the Sidecar; undefined: the MeshConfig does. */
export function unknownHostsOrigin(proxy: ServedProxy): Origin | undefined {
  const sidecar = sidecarOf(proxy);
  if (sidecar?.spec.outboundTrafficPolicy === undefined) return undefined;
  return locateOrigin(proxy.world, refOf(sidecar), ['spec', 'outboundTrafficPolicy']);
}
