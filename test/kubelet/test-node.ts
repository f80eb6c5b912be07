import type { KubeHttp } from '../harness/servers/kube-http.ts';
import type { Pod } from './kube-objects.ts';

export interface TestNodeOptions {
  readonly name: string;
  readonly address: string;
  readonly labels: Readonly<Record<string, string>>;
}

const renewEveryMs = 5000;
const leases = '/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases';

/** The Node object with its lease, and what a node asks the API server for. */
export class TestNode {
  readonly name: string;
  private readonly http: KubeHttp;
  private readonly options: TestNodeOptions;
  private renewing: NodeJS.Timeout | undefined;

  constructor(http: KubeHttp, options: TestNodeOptions) {
    this.http = http;
    this.options = options;
    this.name = options.name;
  }

  /** Registers it as ready; it stays so while this process lives. */
  async register(): Promise<void> {
    const { name, address, labels } = this.options;
    const metadata = { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } };
    await this.http.json('/api/v1/nodes', { method: 'POST', body: { apiVersion: 'v1', kind: 'Node', metadata } });
    const now = new Date().toISOString();
    const resources = { cpu: '64', memory: '256Gi', pods: '250' };
    const status = {
      addresses: [
        { type: 'InternalIP', address },
        { type: 'Hostname', address: name },
      ],
      capacity: resources,
      allocatable: resources,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', lastHeartbeatTime: now, lastTransitionTime: now }],
      nodeInfo: nodeInfo(),
    };
    const contentType = 'application/merge-patch+json';
    await this.http.json(`/api/v1/nodes/${name}/status`, { method: 'PATCH', contentType, body: { status } });
    const body = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name }, spec: this.lease() };
    await this.http.json(leases, { method: 'POST', body });
    this.renewing = setInterval(() => void this.renew(), renewEveryMs);
  }

  stop(): void {
    clearInterval(this.renewing);
  }

  /** What a scheduler would do, for a node that has room for everything. Somebody else may have been faster. */
  async bind({ metadata: { name, namespace } }: Pod): Promise<void> {
    const target = { apiVersion: 'v1', kind: 'Node', name: this.name };
    const body = { apiVersion: 'v1', kind: 'Binding', metadata: { name }, target };
    await this.http.call(`/api/v1/namespaces/${namespace}/pods/${name}/binding`, { method: 'POST', body }).catch(() => {});
  }

  /** A token of the pod's service account that dies with the pod. */
  async tokenFor({ metadata, spec }: Pod, audience: string | undefined, expirationSeconds: number): Promise<string> {
    const account = spec.serviceAccountName ?? 'default';
    const boundObjectRef = { apiVersion: 'v1', kind: 'Pod', name: metadata.name, uid: metadata.uid };
    const request = { expirationSeconds, boundObjectRef, ...(audience !== undefined && { audiences: [audience] }) };
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: request };
    const path = `/api/v1/namespaces/${metadata.namespace}/serviceaccounts/${account}/token`;
    const { status } = await this.http.json<{ readonly status: { readonly token: string } }>(path, { method: 'POST', body });
    return status.token;
  }

  private async renew(): Promise<void> {
    const contentType = 'application/merge-patch+json';
    await this.http.call(`${leases}/${this.name}`, { method: 'PATCH', contentType, body: { spec: this.lease() } }).catch(() => {});
  }

  private lease(): object {
    const renewTime = new Date().toISOString().replace('Z', '000Z');
    return { holderIdentity: this.name, leaseDurationSeconds: 40, renewTime };
  }
}

function nodeInfo(): object {
  const names = [
    'machineID',
    'systemUUID',
    'bootID',
    'kernelVersion',
    'osImage',
    'containerRuntimeVersion',
    'kubeletVersion',
    'kubeProxyVersion',
  ];
  return {
    ...Object.fromEntries(names.map((name) => [name, 'test'])),
    operatingSystem: 'linux',
    architecture: process.arch === 'arm64' ? 'arm64' : 'amd64',
  };
}
