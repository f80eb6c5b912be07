import { KubeApiError } from './kube-api-error.ts';
import type { KubeClient } from './kube-client.ts';
import { type LeaseRecord, leaseBody, readLease, type StoredLease } from './lease-record.ts';
import { untilChanged } from './until-changed.ts';

export interface LeaseStoreOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly name: string;
}

/** One Lease in the API server. Every write states the version that it replaces, so that of two writers one gets a Conflict. */
export class LeaseStore {
  readonly name: string;
  private readonly client: KubeClient;
  private readonly namespace: string;

  constructor({ client, namespace, name }: LeaseStoreOptions) {
    this.client = client;
    this.namespace = namespace;
    this.name = name;
  }

  /** Undefined where there is none yet. */
  async get(timeoutMs: number): Promise<StoredLease | undefined> {
    try {
      return readLease(await this.client.request({ method: 'GET', path: `${this.root}/${this.name}`, timeoutMs }));
    } catch (error) {
      if (error instanceof KubeApiError && error.status === 404) return undefined;
      throw error;
    }
  }

  /** Writes the record; undefined where somebody else was faster. */
  async put(record: LeaseRecord, stored: StoredLease | undefined, timeoutMs: number): Promise<StoredLease | undefined> {
    const body = leaseBody(this.namespace, this.name, record, stored);
    try {
      const answer = stored
        ? await this.client.request({ method: 'PUT', path: `${this.root}/${this.name}`, body, timeoutMs })
        : await this.client.request({ method: 'POST', path: this.root, body, timeoutMs });
      return readLease(answer);
    } catch (error) {
      if (error instanceof KubeApiError && (error.status === 409 || error.status === 404)) return undefined;
      throw error;
    }
  }

  /** Resolves when the lease is no longer of that version, or the API server says no more; rejects where it cannot be watched. */
  changed(resourceVersion: string, signal: AbortSignal): Promise<void> {
    return untilChanged(this.client, { path: this.root, resourceVersion, fieldSelector: `metadata.name=${this.name}` }, signal);
  }

  private get root(): string {
    return `/apis/coordination.k8s.io/v1/namespaces/${this.namespace}/leases`;
  }
}
