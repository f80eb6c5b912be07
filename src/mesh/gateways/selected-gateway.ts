import type { ConfigObject } from '../../model/config-object.ts';
import { type Labels, selects } from '../../model/labels.ts';
import type { IstioGateway } from '../../schema/istio-gateway/istio-gateway.ts';

/** Names the services whose workloads a Gateway made from the Gateway API is for; it replaces the selector. */
const serviceAnnotation = 'internal.istio.io/gateway-service';
/** Namespace of the object that the Gateway was made from, where it is another one. */
const parentNamespaceAnnotation = 'internal.istio.io/parent-namespace';
const semanticsAnnotation = 'internal.istio.io/gateway-semantics';
const serviceAccountAnnotation = 'internal.istio.io/service-account-name';

/** A port of a service that the gateway's workload serves. */
export interface GatewayTarget {
  readonly hostname: string;
  readonly namespace: string;
  readonly port: number;
  readonly targetPort: number;
  /** False where the service asks not to translate (label `experimental.istio.io/disable-gateway-port-translation`). */
  readonly translates: boolean;
}

/** The workload that Gateways may hold for. */
export interface GatewayWorkload {
  readonly labels: Labels;
  /** Oldest service first. */
  readonly targets: readonly GatewayTarget[];
}

/** A Gateway that holds for a workload, with the service ports that its servers may name. */
export interface SelectedGateway {
  readonly gateway: ConfigObject<IstioGateway>;
  readonly targets: readonly GatewayTarget[];
  /** It was bound by labels: ports are translated at best effort, and bound as they are where no service has them. */
  readonly byLabels: boolean;
}

/** Of these Gateways those that hold for the workload, in the same order (Istio `PushContext.mergeGateways`). */
export function selectGateways(
  gateways: readonly ConfigObject<IstioGateway>[],
  workload: GatewayWorkload,
  strictMerging: boolean,
): readonly SelectedGateway[] {
  const selected = gateways.flatMap((gateway) => selectOne(gateway, workload) ?? []);
  return strictMerging ? withoutForeign(selected) : selected;
}

function selectOne(gateway: ConfigObject<IstioGateway>, { labels, targets }: GatewayWorkload): SelectedGateway | undefined {
  const services = gateway.annotations[serviceAnnotation];
  if (services === undefined) return selects(gateway.spec.selector ?? {}, labels) ? { gateway, targets, byLabels: true } : undefined;
  const hostnames = services.split(',');
  const namespace = gateway.annotations[parentNamespaceAnnotation] || gateway.namespace;
  const own = targets.filter((target) => hostnames.includes(target.hostname) && target.namespace === namespace);
  return own.length === 0 ? undefined : { gateway, targets: own, byLabels: false };
}

/** Beside managed gateways of the Gateway API only Gateways of their namespaces count, lest credentials leak (Istio `filterStrictGatewayMerging`). */
function withoutForeign(selected: readonly SelectedGateway[]): readonly SelectedGateway[] {
  const isGatewayApi = ({ gateway }: SelectedGateway) => gateway.annotations[semanticsAnnotation] === 'gateway';
  const managed = new Set(
    selected
      .filter((each) => isGatewayApi(each) && (each.gateway.annotations[serviceAccountAnnotation] ?? '') !== '')
      .map(({ gateway }) => gateway.namespace),
  );
  return managed.size === 0 ? selected : selected.filter((each) => isGatewayApi(each) || managed.has(each.gateway.namespace));
}

/**
 * The ports that the proxy opens for a server's port: the target port of the first service that has it, else the port
 * itself; all target ports where the Gateway names its services, and none where they do not have it (Istio `resolvePorts`).
 */
export function listenerPorts(number: number, { targets, byLabels }: SelectedGateway): readonly number[] {
  const found = targets.filter((target) => target.port === number && (target.translates || !byLabels)).map(({ targetPort }) => targetPort);
  if (!byLabels) return [...new Set(found)].sort((a, b) => a - b);
  return [found[0] ?? number];
}
