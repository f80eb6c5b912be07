/** A document as YAML gives it. */
// biome-ignore lint/suspicious/noExplicitAny: documents of every kind, as they were written
export type Document = Record<string, any>;

/** What an API server and its controllers make of documents, where Istio reads no others: defaults, and one slice or more of endpoints for each Service. */
export function storedDocuments(documents: readonly Document[]): readonly Document[] {
  const filled = documents.map(withDefaults);
  const hasSlices = ({ kind, spec }: Document) => kind === 'Service' && spec?.type !== 'ExternalName';
  const services = new Set(filled.filter(hasSlices).map(({ metadata }) => `${metadata.namespace}/${metadata.name}`));
  const kept = filled.filter((document) => document['kind'] !== 'EndpointSlice' || services.has(serviceOf(document)));
  return [...kept, ...missingSlices(kept)];
}

function serviceOf({ metadata }: Document): string {
  return `${metadata.namespace}/${metadata.labels?.['kubernetes.io/service-name']}`;
}

/** Of objects that say nothing else: all are equally old. */
const creationTimestamp = '2026-01-01T00:00:00Z';

function withDefaults(document: Document): Document {
  const { kind, metadata = {}, spec, status } = document;
  const isClusterWide = ['Namespace', 'Node', 'IngressClass'].includes(kind);
  const stamped = { creationTimestamp, ...metadata };
  const base = { ...document, metadata: isClusterWide ? stamped : { ...stamped, namespace: metadata.namespace ?? 'default' } };
  if (kind === 'Service') {
    const ports = spec?.ports?.map((port: Document) => ({ protocol: 'TCP', targetPort: port['port'], ...port }));
    return { ...base, spec: { ...spec, ...(ports && { ports }) } };
  }
  if (kind === 'Pod') {
    const containers = (spec?.containers ?? []).map((container: Document) => ({
      ...container,
      ...(container['ports'] && { ports: container['ports'].map((port: Document) => ({ protocol: 'TCP', ...port })) }),
    }));
    const podIPs = status?.podIP === undefined ? {} : { podIPs: [{ ip: status.podIP }] };
    return {
      ...base,
      spec: { serviceAccountName: 'default', ...spec, containers },
      status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }], ...podIPs, ...status },
    };
  }
  if (kind === 'EndpointSlice') {
    const endpoints = document['endpoints'].map((endpoint: Document) => {
      const { ready = true } = endpoint['conditions'] ?? {};
      return { ...endpoint, conditions: { ready, serving: ready, terminating: false, ...endpoint['conditions'] } };
    });
    return { addressType: 'IPv4', ...base, endpoints };
  }
  return base;
}

/** Slices of services that select pods and have none yet. */
function missingSlices(documents: readonly Document[]): readonly Document[] {
  const served = new Set(documents.filter(({ kind }) => kind === 'EndpointSlice').map(serviceOf));
  return documents.flatMap((service) => {
    const { name, namespace } = service['metadata'];
    const selector = Object.entries(service['spec']?.selector ?? {});
    if (service['kind'] !== 'Service' || selector.length === 0 || served.has(`${namespace}/${name}`)) return [];
    const pods = documents.filter(
      ({ kind, metadata }) =>
        kind === 'Pod' && metadata.namespace === namespace && selector.every(([key, value]) => metadata.labels?.[key] === value),
    );
    return pods.map((pod) => sliceOf(service, pod));
  });
}

function sliceOf(service: Document, pod: Document): Document {
  const { name, namespace } = service['metadata'];
  const containerPorts: readonly Document[] = pod['spec'].containers.flatMap((container: Document) => container['ports'] ?? []);
  const ports = service['spec'].ports.flatMap((port: Document) => {
    const target = port['targetPort'];
    const number = typeof target === 'number' ? target : containerPorts.find((one) => one['name'] === target)?.['containerPort'];
    return number === undefined ? [] : [{ name: port['name'] ?? '', port: number, protocol: port['protocol'] }];
  });
  const ready = pod['status'].conditions.some((condition: Document) => condition['type'] === 'Ready' && condition['status'] === 'True');
  const targetRef = { kind: 'Pod', name: pod['metadata'].name, namespace };
  return {
    apiVersion: 'discovery.k8s.io/v1',
    kind: 'EndpointSlice',
    metadata: { name: `${name}-${targetRef.name}`, namespace, labels: { 'kubernetes.io/service-name': name } },
    addressType: 'IPv4',
    ports,
    endpoints: [{ addresses: [pod['status'].podIP], conditions: { ready }, nodeName: pod['spec'].nodeName, targetRef }],
  };
}
