import { closestOf } from '../../schema/field/did-you-mean.ts';
import type { FindHints } from './hint-context.ts';
import { chosenAt, isUnknownHost } from './way-facts.ts';

/** The name is none of the mesh's: a typing error, or a ServiceEntry that is missing. */
export const unknownHost: FindHints = ({ proxy, name, way }) => {
  if (proxy.subject.role === 'router' || name.service !== undefined) return [];
  const isTcpPassthrough = chosenAt(way, 'cluster').some((cluster) => cluster === 'PassthroughCluster' || cluster === 'BlackHoleCluster');
  if (!name.fails && !isUnknownHost(way) && !isTcpPassthrough) return [];
  const hosts = [...proxy.world.mesh.inputs.services.get().values()];
  const short = name.asked.split('.')[0] ?? '';
  const close =
    closestOf(
      name.asked,
      hosts.map(({ hostname }) => hostname),
    ) ??
    closestOf(
      short,
      hosts.map((service) => service.name),
    );
  const meant = hosts.find((service) => service.hostname === close || service.name === close);
  const isBlocked = chosenAt(way, 'virtual host').includes('block_all') || chosenAt(way, 'cluster').includes('BlackHoleCluster');
  const advice = meant
    ? `did you mean ${meant.namespace === proxy.subject.namespace ? meant.name : meant.hostname}?`
    : 'a ServiceEntry with this host makes it a part of the mesh, with routes, retries and metrics of its own';
  const message = isBlocked
    ? `no registry knows ${name.asked}, and outboundTrafficPolicy REGISTRY_ONLY lets nothing else out`
    : `no registry knows ${name.asked}: no rule of the mesh can hold for it`;
  return [{ message, advice }];
};
