import type { TestProxy } from '../harness/text-mesh.ts';

function sidecar(name: string, namespace: string, ip: string, metadata: Readonly<Record<string, unknown>> = {}): TestProxy {
  return {
    nodeId: `sidecar~${ip}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: { NAMESPACE: namespace, INSTANCE_IPS: ip, CLUSTER_ID: 'Kubernetes', ...metadata },
    locality: { region: 'r1', zone: 'z1' },
  };
}

const ownHeaders = { attemptCount: { disabled: true }, preserveHttp1HeaderCase: true };

/** One proxy of each class whose views differ in some way. */
export const proxies: readonly TestProxy[] = [
  sidecar('one', 'shop', '10.1.0.1'),
  sidecar('two', 'pay', '10.1.1.2', { LABELS: { app: 'db' }, NETWORK: 'n1', PROXY_CONFIG: { proxyHeaders: ownHeaders } }),
  sidecar('vm', 'shop', '10.6.0.1', { LABELS: { app: 'web' }, WORKLOAD_CERTIFICATES: 'none', INTERCEPTION_MODE: 'NONE' }),
  sidecar('root', 'istio-system', '10.2.0.1', { DNS_CAPTURE: 'true' }),
  {
    nodeId: 'router~10.3.0.1~gw.istio-system~istio-system.svc.cluster.local',
    metadata: {
      NAMESPACE: 'istio-system',
      INSTANCE_IPS: '10.3.0.1',
      LABELS: { istio: 'ingressgateway' },
      NETWORK: 'n1',
      REQUESTED_NETWORK_VIEW: 'n1',
    },
  },
  sidecar('rpc', 'shop', '10.1.0.3', { GENERATOR: 'grpc' }),
  sidecar('one', 'shop', '10.2.0.1', { CLUSTER_ID: 'far', NETWORK: 'n2' }),
  sidecar('call', 'pay', '10.1.1.4', { GENERATOR: 'grpc', NETWORK: 'n2', REQUESTED_NETWORK_VIEW: 'n1,n2' }),
];
