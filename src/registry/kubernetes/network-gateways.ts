import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import type { Service } from '../../model/service.ts';
import { networkLabel } from '../augment-labels.ts';
import type { MeshFacts } from '../mesh-facts.ts';

const gatewayPortLabel = 'networking.istio.io/gatewayPort';
const defaultPort = 15_443;

/**
 * The ways into networks that Services of this cluster are: those with the label topology.istio.io/network, and those that
 * `meshNetworks` names for the network of this registry (Istio `networkManager.getGatewayDetails`). Each is reached at the
 * Service's external addresses, and at its node port where those are of nodes.
 */
export function serviceGateways(engine: Engine, services: MapCell<Service>, facts: Cell<MeshFacts>): Cell<readonly NetworkGateway[]> {
  const labelled = engine.index(services, ({ labels }) => ((labels[networkLabel] ?? '') === '' ? [] : ['']));
  return engine.derived((read) => {
    const { gatewayServices } = read(facts).networks;
    const named = gatewayServices.flatMap(({ hostname, network, port }) => {
      const service = read(services.at(keyOfHost(hostname)));
      return service === undefined || (service.labels[networkLabel] ?? '') !== '' ? [] : reachedAt(service, network, port);
    });
    return [...named, ...[...read(labelled.group('')).values()].flatMap(ofLabels)];
  }, deepEqual);
}

function ofLabels(service: Service): readonly NetworkGateway[] {
  const text = service.labels[gatewayPortLabel] ?? '';
  return reachedAt(service, service.labels[networkLabel] ?? '', /^\d+$/.test(text) ? Number(text) : defaultPort);
}

function reachedAt({ clusterId, externalAddresses, nodePorts }: Service, network: string, port: number): readonly NetworkGateway[] {
  return externalAddresses.map((address) => ({ network, clusterId, address, port: nodePorts?.[port] ?? port }));
}

/** Hosts of this registry are `name.namespace.svc.suffix`. */
function keyOfHost(hostname: string): string {
  return `${hostname.split('.')[1] ?? ''}/${hostname}`;
}
