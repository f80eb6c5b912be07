import type { Cell, MapCell, Read } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { type ConfigObject, objectKey } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Telemetry } from '../../schema/telemetry/telemetry.ts';
import type { PolicyWorkload } from '../policy-attachment.ts';
import { type ProviderServices, providerService } from '../provider-service.ts';
import type { MeshSettings } from '../settings.ts';
import { resolveTelemetry } from '../telemetry/resolve-telemetry.ts';
import type { ResolvedTelemetry } from '../telemetry/resolved-telemetry.ts';
import { selectTelemetries } from '../telemetry/select-telemetries.ts';
import { telemetryIssues } from '../telemetry/telemetry-issues.ts';

/** Which Telemetry objects hold for a workload, and what they come to. */
export interface Telemetries {
  /** Keys of the objects that hold, widest first, as one text: proxies for which it is the same share all that follows from it. */
  readonly select: (read: Read, workload: PolicyWorkload) => string;
  /** What these objects come to; the empty text stands for none. */
  readonly resolved: (keys: string) => Cell<ResolvedTelemetry>;
  /** Providers that come to nothing, by object. */
  readonly issues: MapCell<readonly Issue[]>;
}

export interface TelemetryInputs extends ProviderServices {
  readonly objects: MapCell<ConfigObject<Telemetry>>;
  readonly settings: Cell<MeshSettings>;
}

export function telemetries(engine: Engine, inputs: TelemetryInputs): Telemetries {
  const { objects, settings } = inputs;
  const finder = (read: Read) => (name: string) => providerService(read, inputs, name)?.hostname;
  const byNamespace = engine.index(objects, (object) => [object.namespace]);
  const resolved = engine.family<ResolvedTelemetry>((keys, read) => {
    const specs = keys.split(',').flatMap((key) => read(objects.at(key))?.spec ?? []);
    return resolveTelemetry(specs, read(settings).config, finder(read));
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
    issues: engine.mapValues(objects, (object, _key, read) => telemetryIssues(object, read(settings).config, finder(read)), deepEqual),
  };
}
