import type { IncomingMessage } from 'node:http';

/** The largest request that an API server accepts itself is 3 MiB; a review holds the object, and what it was before. */
export const maxBodyBytes = 3 * 1024 * 1024;
/** Of all bodies that are read or judged at one time. */
const maxTotalBytes = 48 * 1024 * 1024;

/** What all bodies together take; each takes its part when its length is known, or as it comes. */
export class BodyBudget {
  private taken = 0;

  /** False where there is no room. */
  take(bytes: number): boolean {
    if (this.taken + bytes > maxTotalBytes) return false;
    this.taken += bytes;
    return true;
  }

  give(bytes: number): void {
    this.taken -= bytes;
  }
}

export type ReadBody = { readonly body: Buffer; readonly release: () => void } | { readonly refused: number; readonly why: string };

/** The whole body, while it is within the limits of one and of all; rejects where the client goes away. */
export async function readBody(request: IncomingMessage, budget: BodyBudget): Promise<ReadBody> {
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > maxBodyBytes) return tooLarge;
  const parts: Buffer[] = [];
  let bytes = 0;
  const release = () => budget.give(bytes);
  try {
    // A refused body is read to its end and forgotten: a client that still sends would not see the answer otherwise.
    for await (const part of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
      if (bytes + part.length > maxBodyBytes) return refuse(release, tooLarge);
      if (!budget.take(part.length)) return refuse(release, { refused: 429, why: 'too many requests are being read; try again' });
      bytes += part.length;
      parts.push(part);
    }
  } catch (error) {
    release();
    throw error;
  }
  return { body: Buffer.concat(parts), release };
}

const tooLarge = { refused: 413, why: `the body is larger than ${maxBodyBytes} bytes` };

function refuse<R>(release: () => void, refusal: R): R {
  release();
  return refusal;
}
