import type { Cell } from '../../incremental/cell.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { compareText } from '../../model/config-object.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import type { MeshNetworks } from '../../schema/mesh-config/mesh-networks.ts';
import { compareRegistries, type RegistrySet } from '../registry-set.ts';

/** Ways between networks: those that `meshNetworks` states by address, which belong to no cluster, and those that registries found. */
export function allGateways({ engine, layers }: RegistrySet, meshNetworks: Cell<MeshNetworks>): Cell<readonly NetworkGateway[]> {
  const found = engine.derived(
    (read) =>
      [...read(layers).values()]
        .sort(compareRegistries)
        .flatMap(({ registry: { networkGateways } }) => (networkGateways === undefined ? [] : read(networkGateways))),
    deepEqual,
  );
  return engine.derived((read) => [...stated(read(meshNetworks)), ...read(found)], deepEqual);
}

function stated({ networks = {} }: MeshNetworks): readonly NetworkGateway[] {
  return Object.keys(networks)
    .sort(compareText)
    .flatMap((network) =>
      (networks[network]?.gateways ?? []).flatMap(({ address = '', port = 0 }) =>
        address === '' ? [] : [{ network, clusterId: '', address, port }],
      ),
    );
}
