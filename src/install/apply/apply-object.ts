import { KubeApiError } from '../../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { KubeObject } from '../kube-object.ts';
import { changedPaths } from './changed-paths.ts';
import { objectPath } from './kube-path.ts';

/** What applying an object did, or would do. */
export type Outcome =
  | { readonly type: 'created' }
  | { readonly type: 'unchanged' }
  | { readonly type: 'changed'; readonly paths: readonly string[] };

const fieldManager = 'coxswain-install';

/** The object as the API server has it; undefined where it is not there. */
export async function readObject(client: KubeClient, path: string, signal: AbortSignal): Promise<KubeObject | undefined> {
  try {
    return (await client.request({ method: 'GET', path, signal })) as KubeObject;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** Applies an object on the server's side: fields that are not stated stay as others set them, those that are stated become ours. */
export async function applyObject(
  client: KubeClient,
  object: KubeObject,
  { dryRun, signal }: { readonly dryRun: boolean; readonly signal: AbortSignal },
): Promise<Outcome> {
  const path = objectPath(object);
  const before = await readObject(client, path, signal);
  const after = await client.request({
    method: 'PATCH',
    path,
    query: { fieldManager, force: 'true', ...(dryRun && { dryRun: 'All' }) },
    // JSON is YAML.
    contentType: 'application/apply-patch+yaml',
    body: before === undefined ? object : withServersPart(object, before),
    signal,
  });
  if (before === undefined) return { type: 'created' };
  const paths = changedPaths(before, after);
  return paths.length === 0 ? { type: 'unchanged' } : { type: 'changed', paths };
}

interface Webhook {
  readonly name: string;
  readonly failurePolicy?: string;
  readonly clientConfig?: Readonly<Record<string, unknown>>;
}

/** A webhook that the control plane has closed stays closed: what it patched in is stated as it is. */
function withServersPart(object: KubeObject, before: KubeObject): KubeObject {
  if (object.kind !== 'ValidatingWebhookConfiguration') return object;
  const live = before['webhooks'] as readonly Webhook[];
  return {
    ...object,
    webhooks: (object['webhooks'] as readonly Webhook[]).map((webhook) => {
      const { failurePolicy, clientConfig } = live.find(({ name }) => name === webhook.name) ?? {};
      const caBundle = clientConfig?.['caBundle'];
      return {
        ...webhook,
        ...(failurePolicy !== undefined && { failurePolicy }),
        ...(caBundle !== undefined && { clientConfig: { ...webhook.clientConfig, caBundle } }),
      };
    }),
  };
}
