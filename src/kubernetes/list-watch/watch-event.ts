import { statusFields } from '../kube-answer.ts';
import { KubeApiError } from '../kube-api-error.ts';
import { isKubeObject, type KubeObject } from './kube-object.ts';
import { UnusableAnswerError } from './retry-policy.ts';

export type WatchEvent =
  | { readonly type: 'put' | 'delete'; readonly object: KubeObject }
  | { readonly type: 'bookmark'; readonly resourceVersion: string };

/** What a line of a watch says; undefined for what is not known. Throws where it is no JSON, and what the server reports as an error. */
export function parseWatchEvent(line: string): WatchEvent | undefined {
  const { type, object } = parseLine(line);
  if (type === 'ERROR') throw statusError(object);
  if (type === 'BOOKMARK') return { type: 'bookmark', resourceVersion: versionOf(object) };
  if (!isKubeObject(object)) return undefined;
  if (type === 'ADDED' || type === 'MODIFIED') return { type: 'put', object };
  return type === 'DELETED' ? { type: 'delete', object } : undefined;
}

function parseLine(line: string): { readonly type?: unknown; readonly object?: unknown } {
  try {
    return (JSON.parse(line) ?? {}) as { readonly type?: unknown; readonly object?: unknown };
  } catch (error) {
    throw new UnusableAnswerError(`a line of the watch is no JSON: ${(error as Error).message}`, { cause: error });
  }
}

function versionOf(object: unknown): string {
  const { metadata } = (object ?? {}) as { readonly metadata?: { readonly resourceVersion?: unknown } };
  return typeof metadata?.resourceVersion === 'string' ? metadata.resourceVersion : '';
}

function statusError(status: unknown): KubeApiError {
  const { code, reason, message, retryAfterSeconds } = statusFields(status);
  const retryAfterMs = retryAfterSeconds === undefined ? undefined : retryAfterSeconds * 1000;
  return new KubeApiError(`the watch ended with ${code} ${message}`, { status: code, reason, retryAfterMs });
}
