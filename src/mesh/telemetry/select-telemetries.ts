import { byAge, type ConfigObject } from '../../model/config-object.ts';
import type { Telemetry } from '../../schema/telemetry/telemetry.ts';
import { attaches, isForNamespace, type PolicyWorkload } from '../policy-attachment.ts';

/**
 * The Telemetry objects that hold for a workload, the later over the earlier: the oldest of the root namespace, the oldest of
 * the workload's namespace, then all that name the workload, oldest first (Istio `applicableTelemetries`).
 */
export function selectTelemetries(
  ofRootNamespace: Iterable<ConfigObject<Telemetry>>,
  ofNamespace: Iterable<ConfigObject<Telemetry>>,
  workload: PolicyWorkload & { readonly isInRootNamespace: boolean },
): readonly ConfigObject<Telemetry>[] {
  const own = [...ofNamespace].sort(byAge);
  const ofMesh = [...ofRootNamespace].sort(byAge).find(isForNamespace);
  const wide = workload.isInRootNamespace ? undefined : own.find(isForNamespace);
  const named = own.filter((object) => !isForNamespace(object) && attaches(object, workload));
  return [ofMesh, wide, ...named].filter((object) => object !== undefined);
}
