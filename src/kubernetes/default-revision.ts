import { KubeApiError } from './kube-api-error.ts';
import type { KubeClient } from './kube-client.ts';

const path = '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/istio-revision-tag-default';

/** The revision that objects without a revision belong to first: the one that the tag `default` points at, `default` where there is none. */
export async function readDefaultRevision(client: KubeClient): Promise<string> {
  try {
    const tag = await client.request({ method: 'GET', path });
    const { metadata } = tag as { readonly metadata?: { readonly labels?: Readonly<Record<string, string>> } };
    return metadata?.labels?.['istio.io/rev'] || 'default';
  } catch (error) {
    if (error instanceof KubeApiError && (error.status === 404 || error.status === 403)) return 'default';
    throw error;
  }
}
