import type { KubeClient } from '../kube-client.ts';

/** What an API server serves: the versions of each `group/plural`. */
export type ServedVersions = ReadonlyMap<string, readonly string[]>;

/** One answer for all groups (Kubernetes 1.27 and later); older servers answer with the list of groups. */
const aggregated = ['v2', 'v2beta1'].map((v) => `application/json;g=apidiscovery.k8s.io;v=${v};as=APIGroupDiscoveryList`);
const accept = [...aggregated, 'application/json'].join(',');

interface GroupDiscovery {
  readonly metadata?: { readonly name?: string };
  readonly versions?: readonly { readonly version?: string; readonly resources?: readonly { readonly resource?: string }[] }[];
}

interface GroupList {
  readonly kind?: string;
  readonly items?: readonly GroupDiscovery[];
  readonly groups?: readonly { readonly name?: string; readonly versions?: readonly { readonly version?: string }[] }[];
}

/** Asks the server what it serves of these groups. */
export async function readServedVersions(client: KubeClient, groups: ReadonlySet<string>, signal: AbortSignal): Promise<ServedVersions> {
  const answer = (await client.request({ method: 'GET', path: '/apis', accept, signal })) as GroupList | undefined;
  const served = new Map<string, string[]>();
  const add = (group: string, version: string, plural: string) => {
    const key = `${group}/${plural}`;
    served.set(key, [...(served.get(key) ?? []), version]);
  };
  for (const { metadata, versions } of answer?.items ?? []) {
    const group = metadata?.name ?? '';
    if (!groups.has(group)) continue;
    for (const { version = '', resources } of versions ?? [])
      for (const { resource = '' } of resources ?? []) add(group, version, resource);
  }
  for (const { name = '', versions } of answer?.groups ?? []) {
    if (!groups.has(name)) continue;
    for (const { version = '' } of versions ?? [])
      for (const plural of await readPlurals(client, `/apis/${name}/${version}`, signal)) add(name, version, plural);
  }
  return served;
}

async function readPlurals(client: KubeClient, path: string, signal: AbortSignal): Promise<readonly string[]> {
  const answer = await client.request({ method: 'GET', path, signal });
  const { resources } = answer as { readonly resources?: readonly { readonly name?: string }[] };
  return (resources ?? []).flatMap(({ name = '' }) => (name === '' || name.includes('/') ? [] : [name]));
}
