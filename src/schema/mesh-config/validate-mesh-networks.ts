/** Rules on the networks of a mesh, after Istio's ValidateMeshNetworks. */

import { isAddress, isDnsLabel, wrongFqdn, wrongPort, wrongSubnet } from '../parts/host-checks.ts';
import type { Report } from '../report.ts';
import type { MeshNetworks } from './mesh-networks.ts';

export function checkMeshNetworks(networks: MeshNetworks, report: Report): void {
  for (const name in networks.networks) {
    const { endpoints = [], gateways = [] } = networks.networks[name]!;
    for (const [i, { fromCidr, fromRegistry }] of endpoints.entries()) {
      const path = ['networks', name, 'endpoints', i];
      const wrong = fromCidr === undefined ? undefined : wrongSubnet(fromCidr);
      if (wrong !== undefined) report.error([...path, 'fromCidr'], wrong);
      if (fromRegistry !== undefined && !isDnsLabel(fromRegistry))
        report.error([...path, 'fromRegistry'], 'must be the name of a registry');
    }
    for (const [i, { registryServiceName, address, port = 0 }] of gateways.entries()) {
      const path = ['networks', name, 'gateways', i];
      const wrongName = registryServiceName === undefined ? undefined : wrongFqdn(registryServiceName);
      if (wrongName !== undefined) report.error([...path, 'registryServiceName'], wrongName);
      const isUsable = address === undefined || isAddress(address) || wrongFqdn(address) === undefined;
      if (!isUsable) report.error([...path, 'address'], 'must be an IP address or a host name');
      const wrong = wrongPort(port);
      if (wrong !== undefined) report.error([...path, 'port'], wrong);
    }
  }
}
