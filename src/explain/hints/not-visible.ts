import { isVisibleTo } from '../../mesh/visibility.ts';
import { refOf } from '../../model/config-object.ts';
import { ask } from '../ask.ts';
import { locateOrigin } from '../locate-origin.ts';
import { sidecarOf } from '../origins/sidecar-origin.ts';
import type { FindHints } from './hint-context.ts';

/** The service exists, but the proxy is not told of it: it is not exported to its namespace, or its Sidecar does not import it. */
export const notVisible: FindHints = ({ proxy, name }) => {
  const { world, subject, scopes } = proxy;
  const { service } = name;
  if (service === undefined || subject.role === 'router') return [];
  const who = `${service.source.kind} ${service.namespace}/${service.name}`;
  if (!isVisibleTo(service.exportTo, service.namespace, subject.namespace)) {
    const message = `${who} is exported to ${service.exportTo.join(', ')} alone: sidecars of namespace ${subject.namespace} do not know it`;
    return [
      {
        message,
        advice: `add ${subject.namespace}, or *, to its exportTo`,
        origin: locateOrigin(world, service.source, ['spec', 'exportTo']),
      },
    ];
  }
  const sidecar = sidecarOf(proxy);
  const key = scopes.outbound.sidecar;
  const scope = key === undefined ? undefined : ask(world.mesh.engine, (read) => read(world.mesh.sidecars.scope(key, subject.namespace)));
  if (sidecar === undefined || scope === undefined || scope.services.has(service.hostname)) return [];
  const wanted = service.namespace === subject.namespace ? './*' : `${service.namespace}/*`;
  return [
    {
      message: `Sidecar ${sidecar.namespace}/${sidecar.name} does not import ${service.hostname}`,
      advice: `add "${wanted}", or "${service.namespace}/${service.hostname}", to the hosts of its egress`,
      origin: locateOrigin(world, refOf(sidecar), ['spec', 'egress', 0, 'hosts']),
    },
  ];
};
