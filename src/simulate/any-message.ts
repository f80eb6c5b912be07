import type { Any } from '../envoy/generated/google/protobuf/Any.ts';

/** Name of the type of a message that stands in an Any, without what goes before the slash; empty where there is none. */
export function typeOf(any: Any | null | undefined): string {
  const url = (any as { readonly '@type'?: string } | null | undefined)?.['@type'] ?? '';
  return url.slice(url.lastIndexOf('/') + 1);
}

/** The message in an Any, if it is of the type. */
export function messageOf<T>(any: Any | null | undefined, type: string): T | undefined {
  return typeOf(any) === type ? (any as unknown as T) : undefined;
}
