import { X509Certificate } from 'node:crypto';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import { createAuthority, type KeyAndCertificate } from './certificate.ts';

/** Where all replicas find the authority that signs their certificates: whoever comes first makes it. */
export const authoritySecret = 'istiod-webhook-certs';

const dayMs = 86_400_000;
const lifetimeMs = 3650 * dayMs;
/** An authority with less left is replaced; its certificate stays in the bundle. */
const renewBeforeMs = 180 * dayMs;
const maxAttempts = 10;

export interface SharedAuthority extends KeyAndCertificate {
  /** All certificates that clients should trust, as PEM: also the one that was replaced. */
  readonly bundle: string;
}

export interface LoadOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly nowMs: number;
  /** Whether one that nears its end is replaced now: only by who tells the API server at once to trust the new one too. */
  readonly mayReplace: boolean;
}

/** Reads the authority that the replicas share; makes it where there is none. Of several that do so at a time one wins. */
export async function loadSharedAuthority({ client, namespace, nowMs, mayReplace }: LoadOptions): Promise<SharedAuthority> {
  const path = `/api/v1/namespaces/${namespace}/secrets`;
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const stored = await read(client, `${path}/${authoritySecret}`);
    const authority = stored && parse(stored);
    if (authority && (!mayReplace || leftOf(authority, nowMs) > renewBeforeMs)) return authority;
    const made = createAuthority('istiod webhooks', { fromMs: nowMs - dayMs, untilMs: nowMs + lifetimeMs });
    const bundle = authority === undefined ? made.certificate : made.certificate + authority.certificate;
    if (await write(client, path, secretOf(namespace, made.key, bundle, stored?.metadata?.resourceVersion))) return { ...made, bundle };
  }
  throw new Error(`the Secret ${namespace}/${authoritySecret} keeps changing`);
}

interface Secret {
  readonly metadata?: { readonly resourceVersion?: string };
  readonly data?: Readonly<Record<string, string>>;
}

async function read(client: KubeClient, path: string): Promise<Secret | undefined> {
  try {
    return (await client.request({ method: 'GET', path })) as Secret;
  } catch (error) {
    if (error instanceof KubeApiError && error.status === 404) return undefined;
    throw error;
  }
}

/** False where somebody else was faster. */
async function write(client: KubeClient, path: string, body: ReturnType<typeof secretOf>): Promise<boolean> {
  const isNew = body.metadata.resourceVersion === undefined;
  try {
    await client.request(isNew ? { method: 'POST', path, body } : { method: 'PUT', path: `${path}/${authoritySecret}`, body });
    return true;
  } catch (error) {
    if (error instanceof KubeApiError && (error.status === 409 || error.status === 404)) return false;
    throw error;
  }
}

function secretOf(namespace: string, key: string, bundle: string, resourceVersion: string | undefined) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: authoritySecret, namespace, ...(resourceVersion === undefined ? {} : { resourceVersion }) },
    type: 'Opaque',
    data: { 'ca.key': base64(key), 'ca.crt': base64(bundle) },
  };
}

/** Undefined where the content is not ours, or damaged: then it is replaced. */
function parse({ data = {} }: Secret): SharedAuthority | undefined {
  const bundle = Buffer.from(data['ca.crt'] ?? '', 'base64').toString();
  const key = Buffer.from(data['ca.key'] ?? '', 'base64').toString();
  const [certificate] = bundle.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----\n?/) ?? [];
  if (certificate === undefined || !key.includes('PRIVATE KEY')) return undefined;
  try {
    return new X509Certificate(certificate).ca ? { certificate, key, bundle } : undefined;
  } catch {
    return undefined;
  }
}

function leftOf({ certificate }: SharedAuthority, nowMs: number): number {
  return new X509Certificate(certificate).validToDate.getTime() - nowMs;
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
