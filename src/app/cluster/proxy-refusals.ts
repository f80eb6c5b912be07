import type { ConnectedProxies } from '../../admin/connected-proxies.ts';
import type { DiscoveryServer } from '../../discovery/discovery-server.ts';
import type { EnvoyProtos } from '../../envoy/protos.ts';
import { shortTypeName } from '../../envoy/type-urls.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import { type ConfigObject, objectKey } from '../../model/config-object.ts';
import { formatPath } from '../../model/issue.ts';
import { formatRef } from '../../model/object-ref.ts';
import type { KindName } from '../../schema/spec-by-kind.ts';
import type { Suspect } from '../../status/object-facts.ts';
import { ProxyRefusals } from '../../status/proxy-refusals.ts';
import type { ControlPlane } from '../control-plane.ts';

export interface CreateProxyRefusalsOptions {
  readonly plane: ControlPlane;
  readonly proxies: ConnectedProxies;
  readonly protos: EnvoyProtos;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onChange: () => void;
}

const lookEveryMs = 15_000;
/** Of one refusal, in the log. */
const maxNames = 10;

/** What the proxies of this replica refuse, with the objects to blame, which are also logged with their lines. */
export function createProxyRefusals({ plane, proxies, protos, clock, log, onChange }: CreateProxyRefusalsOptions): ProxyRefusals {
  const table = (kind: string) => plane.config.table(kind as KindName) as MapCell<ConfigObject>;
  return new ProxyRefusals({
    resource: (nodeId, typeUrl, name) => {
      const encoded = proxies.view(nodeId, typeUrl)?.get(name);
      return encoded && protos.decodeAny(encoded.any);
    },
    context: { object: (ref) => table(ref.kind).lookup(objectKey(ref)), objects: (kind) => table(kind).get().values() },
    now: () => clock.now(),
    onChange,
    onNew({ typeUrl, suspected, message }, suspects) {
      const blamed = suspects.map((suspect) => placeOf(plane, suspect));
      log.warn(
        { type: shortTypeName(typeUrl), names: suspected.slice(0, maxNames), error: message, blamed },
        'proxies refuse what came of an object',
      );
    },
  });
}

/** `routes.yaml:12:5 VirtualService/shop/web spec.http[0].match[0].uri.regex`. */
function placeOf(plane: ControlPlane, { ref, path }: Suspect): string {
  const position = plane.config.positionOf(ref, path);
  const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column} `;
  return `${place}${formatRef(ref)} ${formatPath(path)}`.trimEnd();
}

/** Forgets what proxies refused that are gone, until the signal. */
export function watchConnections(refusals: ProxyRefusals, discovery: DiscoveryServer, clock: Clock, signal: AbortSignal): void {
  const look = () => {
    if (signal.aborted) return;
    refusals.keepOnly(() => new Set(discovery.connections().map(({ nodeId }) => nodeId)));
    clock.setTimeout(look, lookEveryMs, { unref: true });
  };
  look();
}
