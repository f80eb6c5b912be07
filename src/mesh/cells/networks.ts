import type { Cell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isIpAddress } from '../../lib/cidr.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import { type ClusterLocalHosts, clusterLocalHosts } from '../networks/cluster-local.ts';
import { type NetworkGateways, networkGateways } from '../networks/network-gateways.ts';
import type { MeshSettings } from '../settings.ts';

/** What besides a service, its endpoints and its rule decides about load assignments; one cell, because every one of them reads it. */
export interface EndpointWorld extends ClusterLocalHosts {
  readonly settings: MeshSettings;
  /** By IP address alone: for clusters whose endpoints come over EDS. */
  readonly gateways: NetworkGateways;
  /** Under the names that were stated: for clusters that Envoy resolves itself. */
  readonly namedGateways: NetworkGateways;
}

export interface NetworkInputs {
  readonly settings: Cell<MeshSettings>;
  readonly gateways: Cell<readonly NetworkGateway[]>;
  /** Addresses of gateways that are stated by name, as far as they are known. */
  readonly addressesOfNames: Cell<ReadonlyMap<string, readonly string[]>>;
}

export function endpointWorld(engine: Engine, inputs: NetworkInputs): Cell<EndpointWorld> {
  const named = engine.derived((read) => networkGateways(read(inputs.gateways)), deepEqual);
  const resolved = engine.derived(
    (read) => networkGateways(read(named).all.flatMap((gateway) => byAddress(gateway, read(inputs.addressesOfNames)))),
    deepEqual,
  );
  const localHosts = engine.derived((read) => clusterLocalHosts(read(inputs.settings)));
  return engine.derived((read) => ({
    settings: read(inputs.settings),
    gateways: read(resolved),
    namedGateways: read(named),
    isClusterLocal: read(localHosts).isClusterLocal,
  }));
}

function byAddress(gateway: NetworkGateway, addressesOf: ReadonlyMap<string, readonly string[]>): readonly NetworkGateway[] {
  if (isIpAddress(gateway.address)) return [gateway];
  return (addressesOf.get(gateway.address) ?? []).map((address) => ({ ...gateway, address }));
}
