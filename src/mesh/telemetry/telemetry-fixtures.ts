import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { resolveTelemetry } from './resolve-telemetry.ts';
import type { ResolvedTelemetry } from './resolved-telemetry.ts';

/** What tests start from: no Telemetry objects, and no services behind providers. */
export function telemetryOfMesh(config: MeshConfig = {}): ResolvedTelemetry {
  return resolveTelemetry([], config, () => undefined);
}
