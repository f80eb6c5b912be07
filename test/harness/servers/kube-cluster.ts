import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EtcdStore } from './etcd-store.ts';
import { freePorts } from './free-ports.ts';
import { buildGoProgram, goPrograms } from './go-program.ts';
import { apiServerCommand, controllersCommand, etcdCommand, type KubeParts } from './kube-commands.ts';
import { KubeHttp } from './kube-http.ts';
import { type KubeUser, kubeconfigOf } from './kubeconfig.ts';
import { RealServer } from './real-server.ts';
import { type IssuedCertificate, TestAuthority } from './test-authority.ts';

const adminToken = 'admin-token';
/** The names of `kubernetes.default`, and where the tests reach it. */
const servingNames = [
  'localhost',
  '127.0.0.1',
  '10.96.0.1',
  ...['', '.svc', '.svc.cluster.local'].map((end) => `kubernetes.default${end}`),
];

export interface KubeClusterOptions {
  /** More flags of the API server: `--watch-cache=false`, `--max-requests-inflight=5`. */
  readonly apiServerArgs?: readonly string[];
  /** Further names and addresses that pods reach the API server by; its certificate holds them. */
  readonly alternativeNames?: readonly string[];
  /** Of ClusterIPs; `10.96.0.0/16` by default. Its first address is in the certificate if it is named above. */
  readonly serviceRange?: string;
  /** False: nobody makes EndpointSlices, service accounts and `kube-root-ca.crt`; half the memory and a second less. */
  readonly controllers?: boolean;
}

export interface ApiServer {
  readonly server: RealServer;
  readonly port: number;
  readonly url: string;
}

/**
 * A real Kubernetes control plane on free ports of loopback: etcd, kube-apiserver with RBAC and real service-account tokens,
 * kube-controller-manager. No nodes and no scheduler. Everything it makes lies in one temporary folder; it ends with the
 * process that started it.
 */
export class KubeCluster {
  readonly directory: string;
  /** Of an administrator; all others need RBAC. */
  readonly kubeconfig: string;
  readonly etcd: RealServer;
  readonly store: EtcdStore;
  readonly apiServer: RealServer;
  readonly url: string;
  readonly controllers: RealServer;
  /** As the administrator. */
  readonly http: KubeHttp;
  readonly authority: TestAuthority;
  private readonly parts: KubeParts;
  private readonly more: readonly string[];
  private readonly further: RealServer[] = [];
  private readonly httpClients: KubeHttp[] = [];

  private constructor(parts: KubeParts, authority: TestAuthority, port: number, more: readonly string[]) {
    this.parts = parts;
    this.authority = authority;
    this.more = more;
    this.directory = parts.directory;
    this.kubeconfig = join(parts.directory, 'admin.kubeconfig');
    this.store = new EtcdStore(`http://127.0.0.1:${parts.etcdPort}`);
    const { directory } = parts;
    this.etcd = new RealServer({ name: 'etcd', directory, command: etcdCommand(parts), isReady: () => this.store.isHealthy() });
    const { server, url, http } = this.apiServerAt(port, 'apiserver');
    this.apiServer = server;
    this.url = url;
    this.http = http;
    const command = controllersCommand(parts, this.kubeconfig);
    this.controllers = new RealServer({ name: 'controllers', directory, command, isReady: () => this.hasDefaultAccount() });
  }

  /** Resolves when pods could be created in the namespace `default`. */
  static async start(options: KubeClusterOptions = {}): Promise<KubeCluster> {
    const kube = await buildGoProgram(goPrograms.kube);
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-kube-'));
    const authority = await TestAuthority.create(directory);
    const [etcdPort = 0, port = 0] = await freePorts(2);
    const { serviceRange = '10.96.0.0/16' } = options;
    const parts = { kube, directory, etcdPort, serviceRange, ...(await writeFiles(directory, authority, options.alternativeNames ?? [])) };
    const cluster = new KubeCluster(parts, authority, port, options.apiServerArgs ?? []);
    try {
      await writeFile(cluster.kubeconfig, await cluster.kubeconfigOf({ token: adminToken }));
      await cluster.etcd.start();
      await cluster.apiServer.start();
      if (options.controllers !== false) await cluster.controllers.start();
      return cluster;
    } catch (error) {
      await cluster.stop();
      throw error;
    }
  }

  /** A further API server over the same etcd, on a port of its own. It ends with the cluster. */
  async addApiServer(): Promise<ApiServer> {
    const [port = 0] = await freePorts(1);
    const { server, url } = this.apiServerAt(port, `apiserver-${this.further.length + 2}`);
    this.further.push(server);
    await server.start();
    return { server, port, url };
  }

  /** Runs the kubectl of the same version, as the administrator. Resolves with what it prints; rejects with what it complains. */
  async kubectl(args: readonly string[], stdin?: string): Promise<string> {
    const command = ['kubectl', `--kubeconfig=${this.kubeconfig}`, ...args];
    // no plugins, preferences or caches of whoever runs the tests
    const env = { PATH: process.env['PATH'], HOME: this.directory };
    return new Promise((resolve, reject) => {
      const child = execFile(this.parts.kube, command, { env, maxBuffer: 256 << 20, timeout: 120_000 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`kubectl ${args.join(' ')}: ${stderr.trim() || error.message}`));
        else resolve(stdout);
      });
      child.stdin?.on('error', () => {});
      child.stdin?.end(stdin ?? '');
    });
  }

  /** `kubectl apply` of objects, as JSON. */
  async apply(...objects: readonly object[]): Promise<void> {
    await this.kubectl(['apply', '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  }

  /** A kubeconfig for somebody; `server` is where they reach the API server. */
  kubeconfigOf(user: KubeUser, server = this.url): Promise<string> {
    return kubeconfigOf(server, this.authority.root.certificate, user);
  }

  /** A token of a service account, as a pod would get it. */
  async tokenOf(namespace: string, name: string, expirationSeconds = 3600): Promise<string> {
    const path = `/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`;
    const body = { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: { expirationSeconds } };
    const { status } = await this.http.json<{ readonly status: { readonly token: string } }>(path, { method: 'POST', body });
    return status.token;
  }

  /** A user who proves with a certificate who they are. */
  userWithCertificate(name: string, group: string): Promise<IssuedCertificate> {
    return this.authority.issue({ name: `user-${name}`, subject: `/O=${group}/CN=${name}` });
  }

  /** Ends everything and removes what was written. */
  async stop(): Promise<void> {
    for (const http of this.httpClients) http.close();
    await this.controllers.kill();
    await Promise.all([this.apiServer, ...this.further].map((server) => server.kill()));
    await this.etcd.kill();
    await rm(this.directory, { recursive: true, force: true });
  }

  private apiServerAt(port: number, name: string): { readonly server: RealServer; readonly url: string; readonly http: KubeHttp } {
    const url = `https://127.0.0.1:${port}`;
    const http = new KubeHttp(url, this.parts.authorityFile, adminToken);
    this.httpClients.push(http);
    const isReady = async () => (await http.call('/readyz')).status === 200;
    const command = apiServerCommand(this.parts, port, this.more);
    return { url, http, server: new RealServer({ name, directory: this.directory, command, isReady }) };
  }

  private async hasDefaultAccount(): Promise<boolean> {
    const [account, root] = await Promise.all(
      ['serviceaccounts/default', 'configmaps/kube-root-ca.crt'].map((path) => this.http.call(`/api/v1/namespaces/default/${path}`)),
    );
    return account?.status === 200 && root?.status === 200;
  }
}

type Written = Pick<KubeParts, 'authorityFile' | 'serving' | 'tokensFile' | 'accountKeyFile'>;

async function writeFiles(directory: string, authority: TestAuthority, names: readonly string[]): Promise<Written> {
  const tokensFile = join(directory, 'tokens.csv');
  const accountKeyFile = join(directory, 'service-account.key');
  await writeFile(tokensFile, `${adminToken},admin,admin,"system:masters"\n`);
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  await writeFile(accountKeyFile, privateKey.export({ type: 'pkcs1', format: 'pem' }));
  const serving = await authority.issue({ name: 'apiserver', alternativeNames: [...servingNames, ...names] });
  return { authorityFile: authority.root.certificate, serving, tokensFile, accountKeyFile };
}
