import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { type ConfigObject, objectKey } from '../../model/config-object.ts';
import type { Telemetry } from '../../schema/telemetry/telemetry.ts';
import type { PolicyWorkload } from '../policy-attachment.ts';
import { type ProviderServices, providerService } from '../provider-service.ts';
import type { MeshSettings } from '../settings.ts';
import { resolveTelemetry } from '../telemetry/resolve-telemetry.ts';
import type { ResolvedTelemetry } from '../telemetry/resolved-telemetry.ts';
import { selectTelemetries } from '../telemetry/select-telemetries.ts';

/** Which Telemetry objects hold for a workload, and what they come to. */
export interface Telemetries {
  /** Keys of the objects that hold, widest first, as one text: proxies for which it is the same share all that follows from it. */
  readonly select: (read: Read, workload: PolicyWorkload) => string;
  /** What these objects come to; the empty text stands for none. */
  readonly resolved: (keys: string) => Cell<ResolvedTelemetry>;
}

export interface TelemetryInputs extends ProviderServices {
  readonly objects: MapCell<ConfigObject<Telemetry>>;
  readonly settings: Cell<MeshSettings>;
}

export function telemetries(engine: Engine, inputs: TelemetryInputs): Telemetries {
  const { objects, settings } = inputs;
  const byNamespace = engine.index(objects, (object) => [object.namespace]);
  const resolved = engine.family<ResolvedTelemetry>((keys, read) => {
    const specs = keys.split(',').flatMap((key) => read(objects.at(key))?.spec ?? []);
    return resolveTelemetry(specs, read(settings).config, (name) => providerService(read, inputs, name)?.hostname);
  }, deepEqual);
  return {
    select: (read, workload) => {
      const { rootNamespace } = read(settings);
      const held = selectTelemetries(
        read(byNamespace.group(rootNamespace)).values(),
        read(byNamespace.group(workload.namespace)).values(),
        {
          ...workload,
          isInRootNamespace: workload.namespace === rootNamespace,
        },
      );
      return held.map(objectKey).join(',');
    },
    resolved,
  };
}
