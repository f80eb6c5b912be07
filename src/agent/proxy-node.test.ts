import { describe, expect, it } from 'vitest';
import { fromStruct } from '../lib/struct.ts';
import { buildNode, nodeId, type ProxyNodeSettings } from './proxy-node.ts';

const settings: ProxyNodeSettings = {
  role: 'sidecar',
  name: 'web-1',
  namespace: 'shop',
  addresses: ['127.0.1.1', 'fd00::1'],
  serviceAccount: 'web',
  labels: { app: 'web', version: 'v1' },
  workloadName: 'web',
  locality: 'eu/eu-1/a',
  istioVersion: '1.32.0',
  workloadCertificates: 'none',
  exitOnZeroActiveConnections: true,
};

describe('buildNode', () => {
  it('describes the workload as pilot-agent would', () => {
    const node = buildNode(settings);
    expect(node).toMatchObject({
      id: 'sidecar~127.0.1.1~web-1.shop~shop.svc.cluster.local',
      cluster: 'web.shop',
      locality: { region: 'eu', zone: 'eu-1', sub_zone: 'a' },
    });
    expect(fromStruct(node.metadata ?? undefined)).toEqual({
      NAME: 'web-1',
      NAMESPACE: 'shop',
      OWNER: 'kubernetes://apis/apps/v1/namespaces/shop/deployments/web',
      WORKLOAD_NAME: 'web',
      SERVICE_ACCOUNT: 'web',
      INSTANCE_IPS: '127.0.1.1,fd00::1',
      LABELS: { app: 'web', version: 'v1' },
      CLUSTER_ID: 'Kubernetes',
      MESH_ID: 'cluster.local',
      ISTIO_VERSION: '1.32.0',
      INTERCEPTION_MODE: 'NONE',
      WORKLOAD_CERTIFICATES: 'none',
      EXIT_ON_ZERO_ACTIVE_CONNECTIONS: 'true',
      PROXY_CONFIG: {},
    });
  });

  it('lets further metadata win', () => {
    const { metadata } = buildNode({ ...settings, metadata: { HTTP10: '1', CLUSTER_ID: 'east' } });
    expect(fromStruct(metadata ?? undefined)).toMatchObject({ HTTP10: '1', CLUSTER_ID: 'east' });
  });
});

describe('nodeId', () => {
  it('has the domain of the mesh', () => {
    expect(nodeId({ ...settings, role: 'router', domainSuffix: 'mesh.test' })).toBe('router~127.0.1.1~web-1.shop~shop.svc.mesh.test');
  });
});
