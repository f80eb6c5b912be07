import { createHash } from 'node:crypto';
import { typeUrls } from '../../../src/envoy/type-urls.ts';
import { decodeResponse } from '../fleet/delta-messages.ts';
import { FleetProxy } from '../fleet/fleet-proxy.ts';
import { valuesAt } from '../fleet/protobuf-wire.ts';
import { sidecarNode } from '../fleet/sidecar-node.ts';

/** A resource that was taken from a proxy, or endpoints that were all taken. */
export interface Loss {
  readonly typeUrl: string;
  readonly name: string;
}

const endpointsOf = `${typeUrls.EDS}/`;

/** A scripted sidecar that takes everything and remembers what it holds, and what it ever lost. */
export class WatchingProxy {
  readonly losses: Loss[] = [];
  /** Streams that ended without being asked to. */
  ended = 0;
  /** Responses so far. */
  responses = 0;
  /** `type/name` -> hash of the content. */
  private readonly held = new Map<string, string>();
  private readonly proxy: FleetProxy;

  constructor(address: string, index: number, onResponse: () => void = () => {}) {
    const workload = { address: `10.60.${index >> 8}.${index & 255}`, namespace: 'shop', app: 'watcher' };
    this.proxy = new FleetProxy({
      address,
      node: sidecarNode(index, workload),
      clusters: 1,
      pace: 'full',
      onResponse: (_, message) => {
        this.take(message);
        onResponse();
      },
      onEnd: () => {
        this.ended++;
      },
    });
  }

  get isReady(): boolean {
    return this.proxy.isReady;
  }

  /** What it holds, in an order of its own; without endpoints of clusters that are gone: nobody tells that these are gone too. */
  get content(): readonly string[] {
    const isOrphan = (key: string) => key.startsWith(endpointsOf) && !this.holds(key.slice(endpointsOf.length));
    return [...this.held].flatMap(([key, hash]) => (isOrphan(key) ? [] : [`${key} ${hash}`])).toSorted();
  }

  /** Whether it holds the cluster of this name. */
  holds(cluster: string): boolean {
    return this.held.has(`${typeUrls.CDS}/${cluster}`);
  }

  close(): void {
    this.proxy.close();
  }

  private take(message: Buffer): void {
    const { typeUrl, resources, removed } = decodeResponse(message);
    this.responses++;
    for (const { name, body } of resources) {
      const isEmpty = typeUrl === typeUrls.EDS && valuesAt(body, [[2]]).length === 0;
      const key = `${typeUrl}/${name}`;
      if (isEmpty && this.held.has(key)) this.losses.push({ typeUrl, name });
      this.held.set(key, createHash('sha256').update(body).digest('hex').slice(0, 16));
    }
    for (const name of removed) {
      if (this.held.delete(`${typeUrl}/${name}`)) this.losses.push({ typeUrl, name });
    }
  }
}
