import { isIpAddress } from '../lib/cidr.ts';
import { compareText } from '../model/config-object.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { addressesIn, type Service, serviceKey } from '../model/service.ts';
import { ask } from './ask.ts';
import type { ExplainWorld } from './explain-world.ts';

/** What a client's resolver makes of a name. */
export interface ResolvedName {
  readonly asked: string;
  readonly address: string;
  /** The service that has the name, or the address. */
  readonly service?: Service;
  /** The name in full, as far as the mesh knows it. */
  readonly hostname: string;
  readonly because: string;
  /** No resolver knows it. */
  readonly fails?: true;
  /** The address stands for one that is not known here. */
  readonly isMadeUp?: true;
  readonly source?: ObjectRef;
}

/** Of hosts outside of the mesh, whose addresses DNS alone knows: reserved for documentation, so no rule can mean it by chance. */
const outside = { address: '198.51.100.1', isMadeUp: true } as const;

/** What is asked for a short name, in this order: Kubernetes' search list, and the name itself. */
export function searchList(host: string, namespace: string, domainSuffix: string): readonly string[] {
  if (host.endsWith('.')) return [host.slice(0, -1)];
  const relative = [`${host}.${namespace}.svc.${domainSuffix}`, `${host}.svc.${domainSuffix}`, `${host}.${domainSuffix}`];
  return host.split('.').length > 5 ? [host, ...relative] : [...relative, host];
}

/** Looks a host up as a pod of the namespace would. Services of Kubernetes are in DNS whether or not a proxy sees them. */
export function resolveName(world: ExplainWorld, host: string, namespace: string): ResolvedName {
  const { domainSuffix } = world.mesh.settings.get();
  if (isIpAddress(host)) return ofAddress(world, host);
  for (const candidate of searchList(host.toLowerCase(), namespace, domainSuffix)) {
    const service = serviceOf(world, candidate, namespace);
    if (service !== undefined) return ofService(world, host, candidate, service, 0);
  }
  const isInside = !host.includes('.') || host.endsWith(`.svc.${domainSuffix}`) || host.endsWith('.svc');
  if (isInside)
    return {
      asked: host,
      ...outside,
      hostname: host,
      because: 'no service has this name, and DNS would not know it',
      fails: true,
    };
  return {
    asked: host,
    ...outside,
    hostname: host,
    because: 'not a host of the mesh; DNS outside of it knows its address',
  };
}

/** The service with the address, as clients connect to it without a name. */
function ofAddress(world: ExplainWorld, address: string): ResolvedName {
  const service = [...world.mesh.inputs.services.get().values()]
    .filter((each) => addressesIn(each, world.clusterId).includes(address))
    .sort((a, b) => compareText(a.hostname, b.hostname))[0];
  if (service !== undefined)
    return {
      asked: address,
      address,
      hostname: service.hostname,
      service,
      because: `the address of ${describe(service)}`,
      source: service.source,
    };
  const workload = world.workloadAt(address);
  if (workload !== undefined) {
    const { kind, namespace, name } = workload.source;
    return { asked: address, address, hostname: address, because: `the address of ${kind} ${namespace}/${name}`, source: workload.source };
  }
  return { asked: address, address, hostname: address, because: 'an address that nothing in the mesh has' };
}

/** Of several services with the name, the one that the namespace sees. */
function serviceOf(world: ExplainWorld, hostname: string, namespace: string): Service | undefined {
  const { services } = world.mesh;
  return ask(world.mesh.engine, (read) => {
    const all = [...read(services.ofHost(hostname)).values()];
    return read(services.find(namespace, hostname)) ?? all.sort((a, b) => compareText(a.namespace, b.namespace))[0];
  });
}

function ofService(world: ExplainWorld, asked: string, hostname: string, service: Service, depth: number): ResolvedName {
  const base = { asked, hostname, service, source: service.source };
  if (service.externalName !== undefined) {
    const target = depth < 4 ? serviceOf(world, service.externalName.toLowerCase(), service.namespace) : undefined;
    const because = `${describe(service)} is another name for ${service.externalName}`;
    if (target === undefined) return { ...base, ...outside, because: `${because}, which DNS outside of the mesh knows` };
    return { ...ofService(world, asked, target.hostname, target, depth + 1), because };
  }
  const [address] = addressesIn(service, world.clusterId).filter((each) => !each.includes('/'));
  if (address !== undefined) return { ...base, address, because: `the address of ${describe(service)}` };
  if (service.provider !== 'Kubernetes')
    return {
      ...base,
      ...outside,
      because: `a host of ${describe(service)}, which states no address; DNS outside of the mesh knows it`,
    };
  const [endpoint] = world.mesh.endpoints.lookup(serviceKey(service)) ?? [];
  if (service.kubeType !== 'Headless' && service.kubeType !== undefined)
    return { ...base, ...outside, because: `${describe(service)}, whose clusterIP is not written` };
  if (endpoint === undefined) return { ...base, ...outside, because: `${describe(service)} is headless and has no pods`, fails: true };
  return { ...base, address: endpoint.address, because: `one of the pods of headless ${describe(service)}` };
}

function describe({ source }: Service): string {
  return `${source.kind} ${source.namespace}/${source.name}`;
}
