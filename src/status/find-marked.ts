import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import { conditionOf } from './condition.ts';
import type { ObjectStatus } from './next-status.ts';
import { collectionPath, kindsWithStatus } from './object-path.ts';

interface Page {
  readonly metadata?: { readonly continue?: string };
  readonly items?: readonly { readonly metadata: { readonly name: string; readonly namespace: string }; readonly status?: ObjectStatus }[];
}

/** Objects in whose status an earlier leader has said that something is wrong. Kinds that the cluster does not have are passed over. */
export async function findMarked(client: KubeClient, signal: AbortSignal): Promise<readonly ObjectRef[]> {
  const found: ObjectRef[] = [];
  for (const { kind } of kindsWithStatus) {
    const path = collectionPath(kind);
    if (path === undefined) continue;
    try {
      for (let next: string | undefined = ''; next !== undefined; ) {
        const query = { limit: '500', ...(next !== '' && { continue: next }) };
        const page = (await client.request({ method: 'GET', path, query, signal })) as Page;
        for (const { metadata, status } of page.items ?? []) if (isMarked(status)) found.push({ kind, ...metadata });
        next = page.metadata?.continue || undefined;
      }
    } catch (error) {
      const isPassedOver = error instanceof KubeApiError && [403, 404, 410].includes(error.status);
      if (!isPassedOver) throw error;
    }
  }
  return found.map(({ kind, namespace, name }) => ({ kind, namespace, name }));
}

function isMarked({ conditions = [], validationMessages = [] }: ObjectStatus = {}): boolean {
  const states = ['Programmed', 'Reconciled'].map((type) => conditionOf(conditions, type)?.status);
  return validationMessages.length > 0 || states.some((state) => state === 'False' || state === 'Unknown');
}
