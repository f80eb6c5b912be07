import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import { type ConfigObject, objectKey } from '../../model/config-object.ts';
import type { IstioGateway } from '../../schema/istio-gateway/istio-gateway.ts';
import type { Ingress, IngressClass } from '../../schema/kubernetes/ingress.ts';
import type { KubeService } from '../../schema/kubernetes/service.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { ingressGateway } from '../ingress/ingress-gateway.ts';
import { ingressVirtualService, type PlacedRule } from '../ingress/ingress-routes.ts';
import { isSupportedIngress } from '../ingress/is-supported.ts';
import type { MeshSettings } from '../settings.ts';

/** Kubernetes' own description of a way into the cluster. */
export interface IngressInputs {
  readonly objects: MapCell<ConfigObject<Ingress>>;
  /** By `/name`. */
  readonly classes: MapCell<ConfigObject<IngressClass>>;
  /** Services of our own cluster: backends may name their ports. */
  readonly services: MapCell<ConfigObject<KubeService>>;
  /** Where the gateway runs (K8S_INGRESS_NS). */
  readonly gatewayNamespace: string;
}

/** What Ingresses come to, by `namespace/name`. */
export interface IngressConfig {
  readonly gateways: MapCell<ConfigObject<IstioGateway>>;
  readonly virtualServices: MapCell<ConfigObject<VirtualService>>;
}

export function ingressConfig(engine: Engine, inputs: IngressInputs, settings: Cell<MeshSettings>): IngressConfig {
  const { classes, services, gatewayNamespace } = inputs;
  const supported = engine.mapValues(inputs.objects, (ingress, _key, read) => {
    const className = ingress.spec.spec?.ingressClassName;
    const ingressClass = className === undefined ? undefined : read(classes.at(`/${className}`));
    return isSupportedIngress(ingress, ingressClass?.spec, read(settings).config) ? ingress : undefined;
  });
  const gateways = engine.flatMap(
    supported,
    (ingress, _key, read) => {
      const gateway = ingressGateway(ingress, read(settings).config, gatewayNamespace);
      return [[objectKey(gateway), gateway] as const];
    },
    deepEqual,
  );
  const rules = engine.flatMap(supported, (ingress) => placedRules(ingress).map((placed) => [ruleKey(placed), placed] as const), deepEqual);
  const virtualServices = engine.flatMap(
    engine.index(rules, ({ rule: { host = '' } }) => [host === '' ? '*' : host]).groups,
    (ofHost, host, read) => {
      const portNamed = (namespace: string, service: string, name: string) =>
        read(services.at(`${namespace}/${service}`))?.spec.spec?.ports?.find((port) => port.name === name)?.port;
      const { domainSuffix } = read(settings);
      const made = ingressVirtualService(host, [...ofHost.values()], { domainSuffix, gatewayNamespace, portNamed });
      return made === undefined ? [] : [[objectKey(made), made] as const];
    },
    deepEqual,
  );
  return { gateways, virtualServices };
}

/** A rule without paths says nothing. */
function placedRules({ name, namespace, createdAt, spec }: ConfigObject<Ingress>): readonly PlacedRule[] {
  return (spec.spec?.rules ?? []).flatMap((rule, index) =>
    rule.http === undefined ? [] : [{ ingressName: name, namespace, index, createdAt, rule }],
  );
}

function ruleKey({ namespace, ingressName, index }: PlacedRule): string {
  return `${namespace}/${ingressName}/${index}`;
}
