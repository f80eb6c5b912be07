import { serviceOrigin } from '../origins/service-origin.ts';
import type { FindHints } from './hint-context.ts';

/** The service is there, and has no such port. */
export const wrongPort: FindHints = ({ proxy, call, name }) => {
  const { service } = name;
  const port = call.connectTo?.port ?? call.port;
  if (proxy.subject.role === 'router' || service === undefined || service.ports.length === 0) return [];
  if (proxy.subject.interception === 'NONE' || service.ports.some(({ number }) => number === port)) return [];
  const ports = service.ports.map(({ number, name: portName }) => `${number}${portName === '' ? '' : ` (${portName})`}`).join(', ');
  return [
    {
      message: `${service.source.kind} ${service.namespace}/${service.name} has no port ${port}`,
      advice: `it has ${ports}`,
      origin: serviceOrigin(proxy.world, service),
    },
  ];
};
