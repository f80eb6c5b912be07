import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import { testSettings, virtualService } from '../../mesh/routing/routing-fixtures.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { EffectiveRule } from '../../mesh/traffic-policy/effective-rule.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';
import type { HttpRoute } from '../../schema/virtual-service/http-route.ts';
import { buildHttpRoutes } from './http-routes.ts';
import type { HttpRouteInput } from './route-input.ts';

/** Data that tests of routes start from. */

export function service(hostname: string, ports: Readonly<Record<number, Protocol>>, more: Partial<Service> = {}): Service {
  const [name = hostname, namespace = 'default'] = hostname.split('.');
  return {
    hostname,
    namespace,
    name,
    provider: 'Kubernetes',
    clusterId: 'Kubernetes',
    ports: Object.entries(ports).map(([number, protocol]) => ({ number: Number(number), name: `port-${number}`, protocol })),
    resolution: 'ClientSideLB',
    meshExternal: false,
    addresses: ['10.0.0.1'],
    autoAllocated: {},
    exportTo: ['*'],
    serviceAccounts: [],
    labels: {},
    selector: {},
    createdAt: 0,
    targetPorts: {},
    internalTrafficPolicyLocal: false,
    publishNotReadyAddresses: false,
    externalAddresses: [],
    source: { kind: 'Service', namespace, name },
    ...more,
  };
}

export function effectiveRule(spec: Pick<DestinationRule, 'trafficPolicy' | 'subsets'>): Pick<EffectiveRule, 'trafficPolicy' | 'subsets'> {
  const source = { kind: 'DestinationRule', namespace: 'default', name: 'dr' };
  return {
    ...(spec.trafficPolicy && { trafficPolicy: spec.trafficPolicy }),
    subsets: (spec.subsets ?? []).map((subset) => ({ subset, source })),
  };
}

export const sidecarScope: OutboundScope = {
  role: 'sidecar',
  namespace: 'default',
  dnsDomain: 'default.svc.cluster.local',
  labels: {},
  clusterId: 'Kubernetes',
  features: {
    workloadCertificates: true,
    istioExtensions: true,
    interception: 'REDIRECT',
    http10: false,
    usesAllocatedAddresses: false,
    ipv4: true,
    ipv6: false,
  },
};

export const reviews = 'reviews.default.svc.cluster.local';
export const toReviews = [{ destination: { host: reviews } }];

/** Routes of one VirtualService `vs` for a sidecar on port 9080. */
export function routesOf(http: readonly HttpRoute[], input: Partial<HttpRouteInput> = {}): Route[] {
  return buildHttpRoutes({
    virtualService: virtualService({ hosts: ['reviews'], http }),
    listenerPort: 9080,
    gateways: new Set(['mesh']),
    scope: { role: 'sidecar', namespace: 'default', labels: { app: 'web' } },
    findService: () => undefined,
    findRule: () => undefined,
    settings: testSettings,
    ...input,
  });
}

/** The only route of one rule. */
export function routeOf(rule: HttpRoute, input?: Partial<HttpRouteInput>): Route {
  const [route] = routesOf([rule], input);
  if (route === undefined) throw new Error('the rule gave no route');
  return route;
}
