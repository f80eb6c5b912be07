import { hasSelector, modeOf } from '../../mesh/authentication/effective-mtls.ts';
import { byAge, type ConfigObject, refOf } from '../../model/config-object.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { PeerAuthentication } from '../../schema/peer-authentication/peer-authentication.ts';
import type { ExplainWorld } from '../explain-world.ts';
import type { Origin } from '../explanation.ts';
import { locateOrigin } from '../locate-origin.ts';

export interface ReceivingPort {
  readonly namespace: string;
  readonly labels: Labels;
  /** Of the workload. */
  readonly port: number;
}

/** The PeerAuthentication that says which connections a port takes, by the rules of `effectiveMtls`; undefined: the default holds. */
export function peerAuthenticationOrigin(world: ExplainWorld, { namespace, labels, port }: ReceivingPort): Origin | undefined {
  const { rootNamespace } = world.mesh.settings.get();
  const all = [...world.table('PeerAuthentication').get().values()].sort(byAge);
  const wide = all.filter((policy) => !hasSelector(policy));
  const own = all.find(
    (policy) =>
      hasSelector(policy) &&
      policy.namespace === namespace &&
      namespace !== rootNamespace &&
      selects(policy.spec.selector?.matchLabels ?? {}, labels),
  );
  if (own && modeOf(own.spec.portLevelMtls?.[String(port)]))
    return locateOrigin(world, refOf(own), ['spec', 'portLevelMtls', String(port)]);
  const candidates: readonly (ConfigObject<PeerAuthentication> | undefined)[] = [
    own,
    namespace === rootNamespace ? undefined : wide.find((policy) => policy.namespace === namespace),
    wide.find((policy) => policy.namespace === rootNamespace),
  ];
  const decisive = candidates.find((policy) => policy !== undefined && modeOf(policy.spec.mtls) !== undefined);
  return decisive && locateOrigin(world, refOf(decisive), ['spec', 'mtls', 'mode']);
}
