import type { Container, DownwardFile, FieldRef, Pod, ResourceFieldRef } from './kube-objects.ts';

/** What the downward API says of a pod besides what stands in the object. */
export interface PodPlace {
  readonly podIP: string;
  readonly hostIP: string;
  readonly nodeName: string;
}

/** The value at a field path of the downward API. */
export function fieldOf(pod: Pod, place: PodPlace, { fieldPath }: FieldRef): string {
  const key = /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(fieldPath);
  if (key) return pod.metadata[key[1] as 'labels' | 'annotations']?.[key[2] ?? ''] ?? '';
  const value = fields[fieldPath];
  if (!value) throw new Error(`the downward API has no ${fieldPath}`);
  return value(pod, place);
}

const fields: Readonly<Record<string, (pod: Pod, place: PodPlace) => string>> = {
  'metadata.name': ({ metadata }) => metadata.name,
  'metadata.namespace': ({ metadata }) => metadata.namespace ?? '',
  'metadata.uid': ({ metadata }) => metadata.uid ?? '',
  'metadata.labels': ({ metadata }) => lines(metadata.labels),
  'metadata.annotations': ({ metadata }) => lines(metadata.annotations),
  'spec.nodeName': (_pod, { nodeName }) => nodeName,
  'spec.serviceAccountName': ({ spec }) => spec.serviceAccountName ?? 'default',
  'status.podIP': (_pod, { podIP }) => podIP,
  'status.podIPs': (_pod, { podIP }) => podIP,
  'status.hostIP': (_pod, { hostIP }) => hostIP,
  'status.hostIPs': (_pod, { hostIP }) => hostIP,
};

/** Limits and requests; without a limit, what this node pretends to have. */
export function resourceOf(container: Container, { resource }: ResourceFieldRef): string {
  const [kind, name = ''] = resource.split('.');
  const amount = container.resources?.[kind as 'limits' | 'requests']?.[name];
  if (name === 'cpu')
    return String(Math.ceil(amount === undefined ? 2 : amount.endsWith('m') ? Number.parseFloat(amount) / 1000 : Number(amount)));
  if (name === 'memory') return String(amount === undefined ? 4 * 2 ** 30 : bytesOf(amount));
  return amount ?? '0';
}

/** One file of a downwardAPI volume. */
export function downwardFile(pod: Pod, place: PodPlace, { fieldRef, resourceFieldRef }: DownwardFile): string {
  if (fieldRef) return fieldOf(pod, place, fieldRef);
  const container = pod.spec.containers.find(({ name }) => name === resourceFieldRef?.containerName);
  return container && resourceFieldRef ? resourceOf(container, resourceFieldRef) : '';
}

function lines(map: Readonly<Record<string, string>> = {}): string {
  return Object.keys(map)
    .sort()
    .map((key) => `${key}=${JSON.stringify(map[key])}`)
    .join('\n');
}

const units: Readonly<Record<string, number>> = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, k: 1e3, M: 1e6, G: 1e9 };

function bytesOf(amount: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)([A-Za-z]*)$/.exec(amount) ?? [];
  return Math.round(Number(number) * (units[unit] ?? 1));
}
