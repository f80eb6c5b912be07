import type { UpdateType } from '../admin/metrics/config-metrics.ts';
import type { ConfigSource, ConfigUpdate, ObjectChange } from '../config/config-source.ts';

/** A source whose updates are counted on their way in. */
export function countUpdates(source: ConfigSource, count: (type: UpdateType) => void): ConfigSource {
  const counted = (update: ConfigUpdate) => {
    for (const change of update.objects ?? []) count(typeOf(change));
  };
  return {
    name: source.name,
    start: (sink, signal) =>
      source.start(
        {
          apply(update) {
            counted(update);
            sink.apply(update);
          },
        },
        signal,
      ),
    hasSynced: () => source.hasSynced(),
    positionOf: (object, path) => source.positionOf(object, path),
    lineAt: (position) => source.lineAt?.(position),
  };
}

/** Istio's words: services of any kind, their endpoints, and everything else. */
function typeOf({ ref, object }: ObjectChange): UpdateType {
  if (ref.kind === 'EndpointSlice' || ref.kind === 'Pod' || ref.kind === 'WorkloadEntry') return 'eds';
  if (ref.kind === 'Service' || ref.kind === 'ServiceEntry') return object === undefined ? 'svcdelete' : 'svc';
  return 'config';
}
