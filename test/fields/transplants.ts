import type { ConfigObject } from '../../src/model/config-object.ts';

type Plain = Readonly<Record<string, unknown>>;

/** The object with the traffic policy of the whole moved to where it may stand as well, and what routes to it there. */
export interface Transplant {
  readonly object: ConfigObject;
  readonly routes: readonly ConfigObject[];
}

/** To ports, to a subset, to the subset's ports. */
export function transplants(object: ConfigObject): readonly Transplant[] {
  if (object.kind !== 'DestinationRule') return [];
  const { trafficPolicy, ...spec } = object.spec as Plain;
  if (trafficPolicy === undefined) return [];
  const { portLevelSettings: _, tunnel: _t, proxyProtocol: _p, retryBudget: _r, ...ofPort } = trafficPolicy as Plain;
  const ports = { portLevelSettings: [80, 9000].map((number) => ({ port: { number }, ...ofPort })) };
  const subset = (policy: unknown) => ({ subsets: [{ name: 'transplant', labels: {}, trafficPolicy: policy }] });
  const places = [{ trafficPolicy: ports }, subset(trafficPolicy), subset(ports)];
  return places.map((moved) => ({
    object: { ...object, spec: { ...spec, ...moved } },
    routes: [routeTo(object, 'subsets' in moved ? { subset: 'transplant' } : {})],
  }));
}

/** Only routes look at some of its settings. */
function routeTo(object: ConfigObject, subset: object): ConfigObject {
  const { host } = object.spec as { readonly host: string };
  const hosts = [host.includes('.') ? host : `${host}.${object.namespace}.svc.cluster.local`];
  const http = [{ route: [{ destination: { host, ...subset, port: { number: 80 } } }] }];
  const tcp = [{ route: [{ destination: { host, ...subset } }] }];
  const kind = 'VirtualService';
  return { ...object, kind, apiVersion: 'networking.istio.io/v1', name: `to-${object.name}`, spec: { hosts, http, tcp } };
}
