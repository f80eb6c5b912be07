import { loadProtos } from '../envoy/protos.ts';
import type { ConfigObject } from '../model/config-object.ts';
import type { Issue } from '../model/issue.ts';
import type { EnvoyFilter } from '../schema/envoy-filter/envoy-filter.ts';
import { compileFilter } from '../xds/patches/compile-filter.ts';
import type { PatchCodec } from '../xds/patches/patch-codec.ts';

/** Holds the values of patches against Envoy's messages, as they will be once the object is there. */
export class PatchValues {
  private codec: PatchCodec | undefined;

  /** Of an object of any kind; only EnvoyFilters have such values. */
  check(object: ConfigObject): readonly Issue[] {
    if (object.kind !== 'EnvoyFilter') return [];
    // Few ask: protobufs are read when the first does.
    this.codec ??= loadProtos();
    return compileFilter(object as ConfigObject<EnvoyFilter>, this.codec).issues;
  }
}
