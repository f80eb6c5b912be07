import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';

/** A message of an extension, as an Any: `type` without the `type.googleapis.com/` that goes before it. */
export function typedConfig(type: string, message: object = {}): Any {
  return { '@type': `type.googleapis.com/${type}`, ...message };
}
