import { byAge, type ConfigObject } from '../../model/config-object.ts';
import type { PeerAuthentication } from '../../schema/peer-authentication/peer-authentication.ts';
import { hasSelector, modeOf } from './effective-mtls.ts';
import { defaultMutualTlsMode, type MutualTlsMode } from './mutual-tls-mode.ts';

/**
 * What clients take for the mode of a whole namespace, where automatic mutual TLS has no endpoint to ask (Istio
 * `GetNamespaceMutualTLSMode`): its oldest policy without selector, else that of the root namespace, else undefined, which
 * is not the same as PERMISSIVE.
 */
export function namespaceMtlsMode(
  policies: readonly ConfigObject<PeerAuthentication>[],
  namespace: string,
  rootNamespace: string,
): MutualTlsMode | undefined {
  const wide = [...policies].sort(byAge).filter((policy) => !hasSelector(policy));
  const mesh = wide.find((policy) => policy.namespace === rootNamespace);
  const own = namespace === rootNamespace ? mesh : wide.find((policy) => policy.namespace === namespace);
  if (own === undefined && mesh === undefined) return undefined;
  return modeOf(own?.spec.mtls) ?? modeOf(mesh?.spec.mtls) ?? defaultMutualTlsMode;
}
