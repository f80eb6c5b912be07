import type { ConfigObject } from '../../model/config-object.ts';
import type { GatewayServer, IstioGateway } from '../../schema/istio-gateway/istio-gateway.ts';
import type { GatewayTarget } from './selected-gateway.ts';

/** Data that tests of gateways start from. */

export interface GatewayMeta {
  readonly name?: string;
  readonly namespace?: string;
  readonly annotations?: Readonly<Record<string, string>>;
  readonly selector?: Readonly<Record<string, string>>;
}

export function gatewayObject(servers: readonly GatewayServer[], meta: GatewayMeta = {}): ConfigObject<IstioGateway> {
  return {
    kind: 'Gateway',
    apiVersion: 'networking.istio.io/v1',
    name: meta.name ?? 'gw',
    namespace: meta.namespace ?? 'default',
    labels: {},
    annotations: meta.annotations ?? {},
    createdAt: 0,
    spec: { servers: [...servers], selector: meta.selector ?? { istio: 'ingressgateway' } },
  };
}

export const httpServer: GatewayServer = { port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] };
export const tcpServer: GatewayServer = { port: { number: 80, name: 'tcp', protocol: 'TCP' }, hosts: ['*'] };
export const httpsServer: GatewayServer = {
  port: { number: 443, name: 'https', protocol: 'HTTPS' },
  hosts: ['a.com'],
  tls: { mode: 'SIMPLE', credentialName: 'cert' },
};
export const passthroughServer: GatewayServer = {
  port: { number: 443, name: 'tls', protocol: 'TLS' },
  hosts: ['b.com'],
  tls: { mode: 'PASSTHROUGH' },
};

export function target(port: number, targetPort: number, more: Partial<GatewayTarget> = {}): GatewayTarget {
  return { hostname: 'ingress.default.svc.cluster.local', namespace: 'default', port, targetPort, translates: true, ...more };
}
