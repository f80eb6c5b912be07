import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isIpAddress } from '../../lib/cidr.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Node } from '../../schema/kubernetes/node.ts';
import type { Pod } from '../../schema/kubernetes/pod.ts';
import type { LoadBalancerIngress } from '../../schema/kubernetes/service.ts';
import { workloadLabel } from '../ingress/ingress-gateway.ts';
import { isSupportedIngress } from '../ingress/is-supported.ts';
import { addressesOfPods, addressesOfService, loadBalancerOf } from '../ingress/running-addresses.ts';
import type { MeshSettings } from '../settings.ts';
import type { IngressInputs } from './ingresses.ts';

export interface IngressStatusInputs extends IngressInputs {
  readonly pods: MapCell<ConfigObject<Pod>>;
  /** By `/name`. */
  readonly nodes: MapCell<ConfigObject<Node>>;
}

/**
 * Where the mesh's gateway is reached, for each Ingress that is the mesh's and does not say so (Istio `SupportedIngresses`), by
 * `namespace/name`. One that says so is not in it.
 */
export function ingressStatuses(
  engine: Engine,
  inputs: IngressStatusInputs,
  settings: Cell<MeshSettings>,
): MapCell<readonly LoadBalancerIngress[]> {
  const { classes, services, pods, nodes, gatewayNamespace } = inputs;
  const wanted = engine.derived((read) => {
    const { config } = read(settings);
    const { ingressService = '' } = config;
    if (ingressService !== '') {
      const service = read(services.at(`${gatewayNamespace}/${ingressService}`));
      return loadBalancerOf(service === undefined ? [] : addressesOfService(service.spec), isIpAddress);
    }
    const ofNamespace = [...read(pods).values()].filter(({ namespace }) => namespace === gatewayNamespace);
    return loadBalancerOf(
      addressesOfPods(ofNamespace, workloadLabel(config), (name) => read(nodes.at(`/${name}`))?.spec),
      isIpAddress,
    );
  }, deepEqual);
  return engine.mapValues(
    inputs.objects,
    (ingress, _key, read) => {
      const className = ingress.spec.spec?.ingressClassName;
      const ingressClass = className === undefined ? undefined : read(classes.at(`/${className}`));
      if (!isSupportedIngress(ingress, ingressClass?.spec, read(settings).config)) return undefined;
      const said = (ingress.spec.status?.loadBalancer?.ingress ?? []).map(({ ip, hostname }) => (ip === undefined ? { hostname } : { ip }));
      return deepEqual(said, read(wanted)) ? undefined : read(wanted);
    },
    deepEqual,
  );
}
