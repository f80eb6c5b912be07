import type { ConfigObject } from '../../model/config-object.ts';
import { compareText } from '../../model/config-object.ts';
import type { IngressBackend, IngressPath, IngressRule } from '../../schema/kubernetes/ingress.ts';
import type { StringMatch } from '../../schema/parts/string-match.ts';
import type { HttpRoute } from '../../schema/virtual-service/http-route.ts';
import type { VirtualService } from '../../schema/virtual-service/virtual-service.ts';
import { gatewayName, generatedName } from './ingress-gateway.ts';

/** One rule of an Ingress, with where it stands. */
export interface PlacedRule {
  readonly ingressName: string;
  readonly namespace: string;
  readonly index: number;
  readonly createdAt: number;
  readonly rule: IngressRule;
}

/** What routes are made with. */
export interface RouteSurroundings {
  readonly domainSuffix: string;
  readonly gatewayNamespace: string;
  /** The number of a named port of a Service; undefined where there is none. */
  readonly portNamed: (namespace: string, service: string, port: string) => number | undefined;
}

/**
 * The VirtualService that all rules for one host come to, oldest Ingress first (Istio `ingress.VirtualServices`). It is bound to
 * the gateway of the first of them alone, as there. Undefined: no rules.
 */
export function ingressVirtualService(
  host: string,
  rules: readonly PlacedRule[],
  around: RouteSurroundings,
): ConfigObject<VirtualService> | undefined {
  const ordered = [...rules].sort(byAge);
  const [first] = ordered;
  if (first === undefined) return undefined;
  const routes = ordered.flatMap((placed) => (placed.rule.http?.paths ?? []).flatMap((path) => routeOf(path, placed.namespace, around)));
  return {
    kind: 'VirtualService',
    apiVersion: 'networking.istio.io/v1',
    name: `${host.replaceAll('.', '-')}-${first.ingressName}-${generatedName}`,
    namespace: first.namespace,
    labels: {},
    annotations: { 'internal.istio.io/route-semantics': 'ingress' },
    createdAt: 0,
    spec: {
      hosts: [host],
      gateways: [`${around.gatewayNamespace}/${gatewayName(first.ingressName, first.namespace)}`],
      http: [...routes].sort(byPrecedence),
    },
  };
}

function routeOf({ path = '', pathType, backend }: IngressPath, namespace: string, around: RouteSurroundings): readonly HttpRoute[] {
  const destination = destinationOf(backend, namespace, around);
  if (destination === undefined) return [];
  const uri = pathType === 'Exact' ? { exact: path } : pathType === 'Prefix' ? { prefix: path } : implementedMatch(path);
  return [{ ...(uri && { match: [{ uri }] }), route: [{ destination, weight: 100 }] }];
}

function destinationOf(backend: IngressBackend | undefined, namespace: string, { domainSuffix, portNamed }: RouteSurroundings) {
  const service = backend?.service;
  if (service === undefined) return undefined;
  const { number: stated = 0, name = '' } = service.port ?? {};
  const number = stated > 0 ? stated : portNamed(namespace, service.name, name);
  return number === undefined ? undefined : { host: `${service.name}.${namespace}.svc.${domainSuffix}`, port: { number } };
}

/** ImplementationSpecific: `/foo/*` and `/foo.*` are prefixes, any other text is exact; undefined: every path. */
function implementedMatch(path: string): StringMatch | undefined {
  if (['', '*', '/*', '.*'].includes(path)) return undefined;
  return path.endsWith('.*') || path.endsWith('/*') ? { prefix: path.slice(0, -2) } : { exact: path };
}

/** The longest path first, of equal ones the exact one: what Kubernetes asks for where several match. */
function byPrecedence(a: HttpRoute, b: HttpRoute): number {
  const [x, y] = [lengthOf(a), lengthOf(b)];
  return y.length - x.length || Number(y.isExact) - Number(x.isExact);
}

function lengthOf({ match }: HttpRoute): { readonly length: number; readonly isExact: boolean } {
  const uri = match?.[0]?.uri;
  return { length: (uri?.exact ?? uri?.prefix ?? '').length, isExact: uri?.exact !== undefined };
}

function byAge(a: PlacedRule, b: PlacedRule): number {
  return (
    a.createdAt - b.createdAt || compareText(a.ingressName, b.ingressName) || compareText(a.namespace, b.namespace) || a.index - b.index
  );
}
