import { hostsMatch } from '../../model/hostname.ts';
import { isHttp } from '../../model/protocol.ts';
import { ask } from '../ask.ts';
import { serviceOrigin } from '../origins/service-origin.ts';
import type { FindHints } from './hint-context.ts';

/** HTTP on a port whose name says that it is something else: rules for HTTP do not hold there. */
export const protocolByName: FindHints = ({ proxy, call, name }) => {
  const { service } = name;
  const port = service?.ports.find(({ number }) => number === (call.connectTo?.port ?? call.port));
  if (service === undefined || port === undefined || call.protocol === 'tcp' || call.tls) return [];
  if (isHttp(port.protocol) || port.protocol === 'Auto') return [];
  const { mesh } = proxy.world;
  const rules = ask(mesh.engine, (read) => [...read(mesh.virtualServices.merged).values()])
    .map(({ virtualService }) => virtualService)
    .filter((each) => each.http.length > 0 && each.hosts.some((host) => hostsMatch(host, service.hostname)));
  const lost =
    rules.length === 0
      ? 'retries, metrics of HTTP and rules for HTTP do not hold'
      : `the http rules of ${rules.map((each) => `VirtualService ${each.namespace}/${each.name}`).join(', ')} do not hold`;
  return [
    {
      message: `port ${port.number} of ${service.hostname} is ${port.protocol} by its name "${port.name}", so it is handed on as bytes: ${lost}`,
      advice: 'name the port http, or http-..., or say appProtocol: http',
      origin: serviceOrigin(proxy.world, service, port.number),
    },
  ];
};
