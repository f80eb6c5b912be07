import { KubeApiError } from '../../kubernetes/kube-api-error.ts';
import type { KubeObject } from '../kube-object.ts';
import type { InstallContext } from './install.ts';
import { collectionPath, type InstalledKind, installedKinds, nameOf, pathIn } from './kube-path.ts';
import { type Owner, ownerKey, revisionKey } from './ownership.ts';

type Found = Pick<KubeObject, 'apiVersion' | 'kind' | 'metadata'>;

interface Listed {
  readonly metadata: KubeObject['metadata'] & { readonly ownerReferences?: readonly unknown[] };
}

/** What installations of a revision have made, in the order in which it is removed. Without a revision: of all. */
export function findOwned(context: InstallContext, of: Partial<Owner>): Promise<readonly Found[]> {
  const revision = of.revision === undefined ? revisionKey : `${revisionKey}=${of.revision}`;
  return findLabelled(context, installedKinds, of.owner === undefined ? revision : `${revision},${ownerKey}=${of.owner}`);
}

export async function findLabelled(
  { client, signal }: InstallContext,
  kinds: readonly InstalledKind[],
  labelSelector: string,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const kind of kinds) {
    const path = collectionPath(kind);
    const { items } = (await client.request({ method: 'GET', path, query: { labelSelector }, signal })) as {
      readonly items: readonly Listed[];
    };
    for (const { metadata } of items) {
      // What a controller made of ours has our labels too (EndpointSlices of a Service), and goes with it.
      if (metadata.ownerReferences !== undefined) continue;
      // Lists state the kind of their items once, for all.
      found.push({ apiVersion: kind.apiVersion, kind: kind.kind, metadata });
    }
  }
  return found;
}

/** Removes objects one after the other; one that is gone already is fine. */
export async function removeObjects(objects: readonly Found[], { client, signal, tell, dryRun }: InstallContext): Promise<void> {
  for (const object of objects) {
    const kind = installedKinds.find((each) => each.kind === object.kind);
    if (kind) await remove(client, pathIn(kind, object.metadata), { dryRun, signal });
    tell(`${nameOf(object)} ${dryRun ? 'would be ' : ''}removed`);
  }
}

/** Whether it was there. What depends on it goes in the background. */
export async function remove(
  client: InstallContext['client'],
  path: string,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<boolean> {
  try {
    const query = { propagationPolicy: 'Background', ...(dryRun && { dryRun: 'All' }) };
    await client.request({ method: 'DELETE', path, query, signal });
    return true;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return false;
    throw error;
  }
}
