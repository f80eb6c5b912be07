import { hostsMatch } from '../../model/hostname.ts';
import { isHttp } from '../../model/protocol.ts';
import type { Service, ServicePort } from '../../model/service.ts';
import { ask } from '../ask.ts';
import type { Hint } from '../explanation.ts';
import { serviceOrigin } from '../origins/service-origin.ts';
import type { FindHints, HintContext } from './hint-context.ts';

/** HTTP on a port whose name says that it is something else, or the other way round: rules do not hold there. */
export const protocolByName: FindHints = (context) => {
  const { proxy, call, name } = context;
  const { service } = name;
  const port = service?.ports.find(({ number }) => number === (call.connectTo?.port ?? call.port));
  if (service === undefined || port === undefined || proxy.subject.role === 'router') return [];
  if (call.protocol === 'tcp' || call.tls) return isHttp(port.protocol) ? [notHttp(context, service, port)] : [];
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

/** The other way round: bytes, or TLS, where HTTP is expected. */
function notHttp({ proxy, call }: HintContext, service: Service, { number, name, protocol }: ServicePort): Hint {
  return {
    message: `port ${number} of ${service.hostname} is ${protocol} by its name "${name}", and the client speaks ${call.tls ? 'TLS' : 'something else'}: no rule holds for it`,
    advice: call.tls
      ? 'call it by http, so that the mesh adds its own TLS; or name the port https, or tls'
      : 'name the port tcp, or tcp-...',
    origin: serviceOrigin(proxy.world, service, number),
  };
}
