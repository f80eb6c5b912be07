import { hashText } from '../lib/hash.ts';
import type { EncodedResource } from './resource-source.ts';

/** What one response says, without its nonce: shared by every stream that says the same. */
export interface Batch {
  /** Content hash: equal in every process, for every view that leads to the same response. */
  readonly version: string;
  /** In ascending order of names, each name once (X27). */
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
  /** The encoded response but for the nonce, which goes before it per stream: protobuf leaves the order of fields free. */
  readonly body: readonly Buffer[];
  /** Of the body. */
  readonly bytes: number;
}

export interface BatchContent {
  readonly typeUrl: string;
  /** As in `Batch`, made by `batchContent`. */
  readonly version: string;
  readonly resources: readonly EncodedResource[];
  readonly removed: readonly string[];
}

/** Content with its version. Worth keeping where it is long: it holds no encoded response, so that the cache alone decides about those. */
export function batchContent(typeUrl: string, resources: readonly EncodedResource[], removed: readonly string[] = []): BatchContent {
  const lines = [typeUrl];
  for (const resource of resources) lines.push(resource.name, resource.version);
  lines.push('', ...removed);
  return { typeUrl, version: hashText(lines.join('\n')), resources, removed };
}

/** Encodes a response of one variant of the protocol, without nonce. */
export type EncodeBody = (content: BatchContent) => readonly Buffer[];

/** Finds or makes the batch of some content, and forgets the batches used longest ago beyond a number of bytes. */
export class BatchCache {
  private readonly batches = new Map<string, Batch>();
  private bytes = 0;
  private readonly maxBytes: number;
  private readonly encode: EncodeBody;

  constructor(options: { readonly maxBytes: number; readonly encode: EncodeBody }) {
    this.maxBytes = options.maxBytes;
    this.encode = options.encode;
  }

  batch(content: BatchContent): Batch {
    const { version } = content;
    const known = this.batches.get(version);
    this.batches.delete(version);
    const batch = known ?? this.made(content);
    this.batches.set(version, batch);
    if (!known) this.admit(batch);
    return batch;
  }

  private made(content: BatchContent): Batch {
    const { version, resources, removed } = content;
    const body = this.encode(content);
    return { version, resources, removed, body, bytes: body.reduce((sum, part) => sum + part.length, 0) };
  }

  private admit(batch: Batch): void {
    this.bytes += batch.bytes;
    for (const [version, oldest] of this.batches) {
      if (this.bytes <= this.maxBytes || oldest === batch) return;
      this.batches.delete(version);
      this.bytes -= oldest.bytes;
    }
  }
}
