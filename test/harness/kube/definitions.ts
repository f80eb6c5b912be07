import { expect, vi } from 'vitest';
import type { KubeCluster } from '../servers/kube-cluster.ts';

interface Definition {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly names: { readonly plural: string };
    readonly versions: readonly { readonly name: string; readonly served: boolean }[];
  };
}

const definitions = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions';
const within = { timeout: 120_000, interval: 50 };

/**
 * Resolves when the kinds of all definitions can be listed, and are told of to whoever asks for kinds. `Established` comes before:
 * it says that the API server means to.
 */
export async function definitionsServed(cluster: KubeCluster): Promise<void> {
  const { items } = await cluster.http.json<{ readonly items: readonly Definition[] }>(definitions);
  for (const { spec } of items) {
    for (const { name } of spec.versions.filter(({ served }) => served)) {
      const version = `/apis/${spec.group}/${name}`;
      await vi.waitFor(async () => {
        const { resources } = await cluster.http.json<{ readonly resources: readonly { readonly name: string }[] }>(version);
        expect(resources.map((resource) => resource.name)).toContain(spec.names.plural);
        await cluster.http.json(`${version}/${spec.names.plural}?limit=1`);
      }, within);
    }
  }
}

/**
 * Resolves when a definition and its objects are gone. An API server that has given up on it (it does where its cache of the objects
 * was not there yet) goes on when the definition changes.
 */
export async function removeDefinition(cluster: KubeCluster, name: string): Promise<void> {
  const path = `${definitions}/${name}`;
  await cluster.http.json(path, { method: 'DELETE' });
  let looks = 0;
  await vi.waitFor(
    async () => {
      const body = { metadata: { annotations: { looks: String(looks++) } } };
      const { status } = await cluster.http.call(path, { method: 'PATCH', contentType: 'application/merge-patch+json', body });
      expect(status).toBe(404);
    },
    { timeout: 120_000, interval: 2_000 },
  );
}
