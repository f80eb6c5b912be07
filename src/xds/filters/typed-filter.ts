import type { Any } from '../../envoy/generated/google/protobuf/Any.ts';
import { typedConfig } from '../clusters/typed-config.ts';

/** An HTTP, network or listener filter: all three have this shape. */
export interface TypedFilter {
  readonly name: string;
  readonly typed_config: Any;
}

/** `type` without the `type.googleapis.com/` that goes before it. */
export function typedFilter(name: string, type: string, config: object = {}): TypedFilter {
  return { name, typed_config: typedConfig(type, config) };
}
