import { byAge, type ConfigObject } from '../../model/config-object.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { PeerAuthentication } from '../../schema/peer-authentication/peer-authentication.ts';
import { defaultMutualTlsMode, type MutualTlsMode } from './mutual-tls-mode.ts';

/** What the policies of one workload come to. */
export interface EffectiveMtls {
  readonly mode: MutualTlsMode;
  /** Ports of the workload (not of its services) with a mode of their own, ascending. */
  readonly portModes: ReadonlyMap<number, MutualTlsMode>;
}

export interface EffectiveMtlsInput {
  /** Those of the root namespace and of the workload's namespace, in any order; others are passed over. */
  readonly policies: readonly ConfigObject<PeerAuthentication>[];
  readonly namespace: string;
  readonly workloadLabels: Labels;
  readonly rootNamespace: string;
}

/**
 * The mutual TLS mode of a workload (Istio `ComposePeerAuthentication`): a policy that selects it beats one of its
 * namespace, which beats that of the root namespace; of several in one place the oldest holds. UNSET inherits, and the
 * mesh inherits PERMISSIVE. Ports count only in a policy with a selector; such a policy in the root namespace never holds.
 */
export function effectiveMtls(input: EffectiveMtlsInput): EffectiveMtls {
  const { namespace, rootNamespace, workloadLabels } = input;
  const policies = [...input.policies].sort(byAge);
  const wide = policies.filter((policy) => !hasSelector(policy));
  const mesh = wide.find((policy) => policy.namespace === rootNamespace);
  const own = namespace === rootNamespace ? undefined : wide.find((policy) => policy.namespace === namespace);
  const workload = policies.find(
    (policy) =>
      hasSelector(policy) &&
      policy.namespace === namespace &&
      namespace !== rootNamespace &&
      selects(policy.spec.selector?.matchLabels ?? {}, workloadLabels),
  );
  const mode = modeOf(workload?.spec.mtls) ?? modeOf(own?.spec.mtls) ?? modeOf(mesh?.spec.mtls) ?? defaultMutualTlsMode;
  const ports = Object.entries(workload?.spec.portLevelMtls ?? {})
    .map(([port, mtls]) => [Number(port), modeOf(mtls) ?? mode] as const)
    .sort(([a], [b]) => a - b);
  return { mode, portModes: new Map(ports) };
}

/** The mode on one port of the workload. */
export function mtlsModeOfPort(mtls: EffectiveMtls, port: number): MutualTlsMode {
  return mtls.portModes.get(port) ?? mtls.mode;
}

/** Without labels to select by, a policy is meant for its whole namespace, or in the root namespace for the mesh. */
export function hasSelector(policy: ConfigObject<PeerAuthentication>): boolean {
  return Object.keys(policy.spec.selector?.matchLabels ?? {}).length > 0;
}

/** Undefined: UNSET, inherit. */
export function modeOf(mtls: PeerAuthentication['mtls']): MutualTlsMode | undefined {
  return mtls?.mode === undefined || mtls.mode === 'UNSET' ? undefined : mtls.mode;
}
