import type { MeshConfig } from '../schema/mesh-config/mesh-config.ts';
import type { FeatureFlags } from './feature-flags.ts';

/** What holds for the whole mesh; read by nearly every builder, changed rarely. */
export interface MeshSettings {
  readonly config: MeshConfig;
  readonly flags: FeatureFlags;
  /** `cluster.local`. */
  readonly domainSuffix: string;
  readonly rootNamespace: string;
  readonly trustDomain: string;
}
