import { type GatewayInstall, gatewayInstall } from './gateway/gateway-values.ts';
import { InstallError } from './install-error.ts';
import { mergeValues, type Values } from './template/values.ts';
import { valuesOfKubeSettings, withoutUndefined } from './values/component-values.ts';
import { defaultValues } from './values/default-values.ts';
import { profiles } from './values/profiles.ts';
import type { GatewayComponent, InstallValues, OperatorSpec } from './values/value-table.ts';

/** What is installed, with every value settled. */
export interface Installation {
  readonly base: boolean;
  readonly pilot: boolean;
  readonly gateways: readonly GatewayInstall[];
  readonly values: Values;
}

/** Defaults, under the profile, under what the user says. */
export function resolveInstallation(user: OperatorSpec): Installation {
  const { components: theirs = {}, ...rest } = user;
  const profile = profiles[user.profile ?? 'default'];
  const { components: ours, ...below } = profile;
  const spec = mergeValues(below, withoutUndefined(rest)) as OperatorSpec;
  const components = componentsOf(ours as NonNullable<OperatorSpec['components']>, theirs);
  const values = settledValues(spec, components);
  const { istiodRemote, global } = values as InstallValues;
  if (istiodRemote?.enabled && !isIpv4(global?.remotePilotAddress ?? '') && components.pilot?.enabled !== false)
    throw new InstallError(
      'values.global.remotePilotAddress: must be the IPv4 address of the other control plane (a remote installation reaches it there)',
    );
  return {
    base: components.base?.enabled ?? true,
    pilot: components.pilot?.enabled ?? true,
    gateways: gatewaysOf(components, values),
    values,
  };
}

function isIpv4(text: string): boolean {
  return /^\d{1,3}(\.\d{1,3}){3}$/.test(text);
}

type Components = NonNullable<OperatorSpec['components']>;

/** Gateways are told apart by their names, everything else by where it stands. */
function componentsOf(profile: Components, user: Components): Components {
  return {
    ...(mergeValues(profile as Values, user as Values) as Components),
    ingressGateways: byName(profile.ingressGateways ?? [], user.ingressGateways ?? []),
    egressGateways: byName(profile.egressGateways ?? [], user.egressGateways ?? []),
  };
}

function byName(profile: readonly GatewayComponent[], user: readonly GatewayComponent[]): readonly GatewayComponent[] {
  const merged = new Map(profile.map((gateway) => [gateway.name, gateway]));
  for (const [i, gateway] of user.entries()) {
    const name = gateway.name ?? profile[i]?.name;
    if (name === undefined) throw new InstallError(`components: gateway ${i} needs a name`);
    merged.set(name, mergeValues((merged.get(name) ?? { name }) as Values, gateway as Values) as GatewayComponent);
  }
  return [...merged.values()];
}

function settledValues(spec: OperatorSpec, { pilot }: Components): Values {
  const { values = {}, meshConfig = {}, revision = values.revision ?? '', hub, tag, namespace } = spec;
  const short = withoutUndefined({ hub, tag, istioNamespace: namespace });
  let settled = mergeValues(defaultValues, { global: short });
  settled = mergeValues(settled, values as Values);
  settled = mergeValues(settled, { meshConfig, pilot: valuesOfKubeSettings(pilot?.k8s) });
  // Istio's default revision is the one without a name.
  return { ...settled, revision: revision === 'default' ? '' : revision };
}

function gatewaysOf({ ingressGateways = [], egressGateways = [] }: Components, values: Values): readonly GatewayInstall[] {
  const { global, gateways } = values as InstallValues;
  const istioNamespace = global?.istioNamespace ?? 'istio-system';
  const install = (role: 'istio-ingressgateway' | 'istio-egressgateway') => (component: GatewayComponent) =>
    gatewayInstall({ component, values, role: gateways?.[role] ?? {}, istioNamespace });
  const isOn = ({ enabled = true }: GatewayComponent) => enabled;
  return [
    ...ingressGateways.filter(isOn).map(install('istio-ingressgateway')),
    ...egressGateways.filter(isOn).map(install('istio-egressgateway')),
  ];
}
