import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { EchoServer } from '../../harness/echo-server.ts';
import { customKinds, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { StandingOracle } from '../../harness/oracle/standing-oracle.ts';
import { ServeProcess } from '../../harness/serve-process.ts';
import { ChaosProxy } from '../../harness/servers/chaos-proxy.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';

export const envoyAddress = '127.0.1.61';
export const trafficPort = 18080;
const stableServices = 20;

/** A silent watch is given up after so long here. */
const idle = '20s';

export const readerRole = 'coxswain';

export function istioObject(kind: string, name: string, spec: object, version = 'v1'): object {
  return { apiVersion: `networking.istio.io/${version}`, kind, metadata: { name, namespace: 'shop' }, spec };
}

export function kubeService(name: string, address: string, namespace = 'shop'): readonly object[] {
  const metadata = { name, namespace };
  return [
    { apiVersion: 'v1', kind: 'Service', metadata, spec: { ports: [{ name: 'http', port: 80, targetPort: 8080 }] } },
    {
      apiVersion: 'discovery.k8s.io/v1',
      kind: 'EndpointSlice',
      metadata: { ...metadata, labels: { 'kubernetes.io/service-name': name } },
      addressType: 'IPv4',
      endpoints: [{ addresses: [address], conditions: { ready: true } }],
      ports: [{ name: 'http', port: 8080, protocol: 'TCP' }],
    },
  ];
}

export function clusterName(service: string, namespace = 'shop'): string {
  return `outbound|80||${service}.${namespace}.svc.cluster.local`;
}

export function namespaceOf(name: string): object {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}

/** What a control plane may read, and no more. */
function reader(): readonly object[] {
  const verbs = ['get', 'list', 'watch'];
  const groups = [...new Set(customKinds.map(({ group }) => group))];
  const kubernetes = [
    { apiGroups: [''], resources: ['services', 'pods', 'nodes', 'namespaces', 'configmaps', 'secrets'], verbs },
    { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs },
    { apiGroups: ['networking.k8s.io'], resources: ['ingresses', 'ingressclasses'], verbs },
    { apiGroups: ['apiextensions.k8s.io'], resources: ['customresourcedefinitions'], verbs },
  ];
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'istiod', namespace: 'istio-system' } },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRole',
      metadata: { name: readerRole },
      rules: [...kubernetes, ...groups.map((group) => ({ apiGroups: [group], resources: ['*'], verbs }))],
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: readerRole },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: readerRole },
      subjects: [{ kind: 'ServiceAccount', name: 'istiod', namespace: 'istio-system' }],
    },
  ];
}

/** A mesh that stays the same through all faults. */
function stableMesh(backendPort: number): readonly object[] {
  const listener = {
    port: { number: trafficPort, protocol: 'HTTP', name: 'http' },
    bind: envoyAddress,
    captureMode: 'NONE',
    hosts: ['./*'],
  };
  const services = Array.from({ length: stableServices }, (_, index) => kubeService(`stable-${index}`, `10.61.0.${index + 1}`)).flat();
  return [
    istioObject('Sidecar', 'client', { workloadSelector: { labels: { app: 'client' } }, egress: [listener] }),
    istioObject('ServiceEntry', 'stable', {
      hosts: ['stable.internal'],
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ number: trafficPort, protocol: 'HTTP', name: 'main' }],
      endpoints: [{ address: '127.0.0.1', ports: { main: backendPort } }],
    }),
    istioObject('VirtualService', 'stable', {
      hosts: ['stable.internal'],
      http: [{ route: [{ destination: { host: 'stable.internal' } }] }],
    }),
    ...services,
  ];
}

/** A control plane on a real API server, with nothing but its own rights and a network in between that can fail, under the oracle's eyes. */
export class FaultWorld {
  readonly cluster: KubeCluster;
  readonly network: ChaosProxy;
  readonly serve: ServeProcess;
  readonly oracle: StandingOracle;
  /** Flags of another control plane on the same API server, past the network. */
  readonly directFlags: readonly string[];
  private readonly backend: EchoServer;
  private readonly directory: string;

  private constructor(
    parts: Pick<FaultWorld, 'cluster' | 'network' | 'serve' | 'oracle' | 'directFlags'>,
    backend: EchoServer,
    directory: string,
  ) {
    this.cluster = parts.cluster;
    this.network = parts.network;
    this.serve = parts.serve;
    this.oracle = parts.oracle;
    this.directFlags = parts.directFlags;
    this.backend = backend;
    this.directory = directory;
  }

  static async start(): Promise<FaultWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-faults-'));
    const backend = await EchoServer.start('stable');
    const cluster = await KubeCluster.start();
    await cluster.apply(...customKinds.map((kind) => looseCrd(kind)), namespaceOf('shop'), namespaceOf('istio-system'), ...reader());
    await cluster.kubectl(['wait', '--for=condition=Established', '--timeout=60s', 'crd', '--all']);
    await cluster.apply(...stableMesh(backend.port));
    const network = await ChaosProxy.start({ host: '127.0.0.1', port: Number(new URL(cluster.url).port) });
    const token = await cluster.tokenOf('istio-system', 'istiod');
    const throughNetwork = join(directory, 'network.kubeconfig');
    const direct = join(directory, 'direct.kubeconfig');
    await writeFile(throughNetwork, await cluster.kubeconfigOf({ token }, `https://${network.address}`));
    await writeFile(direct, await cluster.kubeconfigOf({ token }));
    const serve = await ServeProcess.launch(['--kubeconfig', throughNetwork, '--log-level', 'info'], { COXSWAIN_WATCH_IDLE: idle });
    const oracle = await StandingOracle.start({
      serve,
      protos: loadProtos(),
      envoy: { name: 'client', address: envoyAddress, labels: { app: 'client' } },
      call: { address: envoyAddress, port: trafficPort, host: 'stable.internal' },
      isStable: (name) => name.includes('stable'),
      secrets: [token, token.split('.')[2] ?? token],
    });
    return new FaultWorld({ cluster, network, serve, oracle, directFlags: ['--kubeconfig', direct] }, backend, directory);
  }

  async stop(): Promise<void> {
    await this.oracle.stop();
    await this.serve.stop();
    this.network.stop();
    await this.cluster.stop();
    await this.backend.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
