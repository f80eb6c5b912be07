import type { EndpointSlice, Service } from './kube-objects.ts';

/** One address of a ready endpoint by the number of the Service's port. */
export interface Backend {
  readonly address: string;
  readonly port: number;
}

const serviceLabel = 'kubernetes.io/service-name';

/** Where connections to a port of a Service go: to ready endpoints. */
export function backendsOf(service: Service, port: number, slices: Iterable<EndpointSlice>): readonly Backend[] {
  const name = service.spec.ports?.find((candidate) => candidate.port === port)?.name ?? '';
  return [...slicesOf(service, slices)].flatMap((slice) => {
    const target = slice.ports?.find((candidate) => (candidate.name ?? '') === name)?.port;
    return target === undefined ? [] : readyAddresses(slice).map((address) => ({ address, port: target }));
  });
}

/** Lines of /etc/hosts for pods of one namespace: what cluster DNS would answer. */
export function hostLines(namespace: string, services: Iterable<Service>, slices: Iterable<EndpointSlice>): string {
  const all = [...slices];
  const lines = [...services].flatMap((service) => {
    const { name, namespace: own = '' } = service.metadata;
    const names = [`${name}.${own}`, `${name}.${own}.svc`, `${name}.${own}.svc.cluster.local`, ...(own === namespace ? [name] : [])];
    const { clusterIP = 'None' } = service.spec;
    const addresses = clusterIP === 'None' ? slicesOf(service, all).flatMap(readyAddresses) : [clusterIP];
    return addresses.map((address) => `${address} ${names.join(' ')}\n`);
  });
  return lines.sort().join('');
}

function slicesOf({ metadata: { name, namespace } }: Service, slices: Iterable<EndpointSlice>): readonly EndpointSlice[] {
  return [...slices].filter(({ metadata }) => metadata.namespace === namespace && metadata.labels?.[serviceLabel] === name);
}

function readyAddresses({ endpoints }: EndpointSlice): readonly string[] {
  return (endpoints ?? []).filter(({ conditions }) => conditions?.ready !== false).flatMap(({ addresses }) => addresses);
}
