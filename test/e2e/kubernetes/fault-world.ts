import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { EchoServer } from '../../harness/echo-server.ts';
import { customKinds, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { definitionsServed } from '../../harness/kube/definitions.ts';
import { StandingOracle } from '../../harness/oracle/standing-oracle.ts';
import { ServeProcess } from '../../harness/serve-process.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { accountObjects, accounts } from './accounts.ts';
import { rootNamespace } from './mesh-cluster.ts';
import { namespaceOf, stableMesh, stableTraffic } from './stable-mesh.ts';

/** A silent watch is given up after so long here. */
const idle = '20s';

/** What stands between the control plane and the API server. */
export interface FaultyNetwork {
  /** `HOST:PORT` */
  readonly address: string;
  stop(): void;
}

export interface FaultWorldOptions<Network extends FaultyNetwork> {
  readonly network: (cluster: KubeCluster) => Promise<Network>;
  /** Done before the control plane starts. */
  readonly prepare?: (cluster: KubeCluster) => Promise<void>;
  readonly env?: Readonly<Record<string, string>>;
  /** Never to be seen in a log, beside its own token. */
  readonly secrets?: readonly string[];
}

type Parts<Network extends FaultyNetwork> = Pick<FaultWorld<Network>, 'cluster' | 'network' | 'serve' | 'oracle' | 'directFlags'>;

/** A control plane on a real API server, with nothing but its own rights and a network in between that can fail, under the oracle's eyes. */
export class FaultWorld<Network extends FaultyNetwork> {
  readonly cluster: KubeCluster;
  readonly network: Network;
  readonly serve: ServeProcess;
  readonly oracle: StandingOracle;
  /** Flags of another control plane on the same API server, past the network, which only looks. */
  readonly directFlags: readonly string[];
  private readonly backend: EchoServer;
  private readonly directory: string;

  private constructor(parts: Parts<Network>, backend: EchoServer, directory: string) {
    this.cluster = parts.cluster;
    this.network = parts.network;
    this.serve = parts.serve;
    this.oracle = parts.oracle;
    this.directFlags = parts.directFlags;
    this.backend = backend;
    this.directory = directory;
  }

  static async start<Network extends FaultyNetwork>(options: FaultWorldOptions<Network>): Promise<FaultWorld<Network>> {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-faults-'));
    const backend = await EchoServer.start('stable');
    const cluster = await KubeCluster.start();
    await cluster.apply(...customKinds.map((kind) => looseCrd(kind)), namespaceOf('shop'), namespaceOf(rootNamespace));
    await definitionsServed(cluster);
    await cluster.apply(...accountObjects(), ...stableMesh(backend.port));
    await options.prepare?.(cluster);
    const network = await options.network(cluster);
    const token = await cluster.tokenOf(rootNamespace, accounts.controlPlane);
    const throughNetwork = join(directory, 'network.kubeconfig');
    const direct = join(directory, 'direct.kubeconfig');
    await writeFile(throughNetwork, await cluster.kubeconfigOf({ token }, `https://${network.address}`));
    await writeFile(direct, await cluster.kubeconfigOf({ token: await cluster.tokenOf(rootNamespace, accounts.observer) }));
    const env = { COXSWAIN_WATCH_IDLE: idle, ...options.env };
    const serve = await ServeProcess.launch(['--kubeconfig', throughNetwork, '--log-level', 'info'], env);
    const secrets = [token, token.split('.')[2] ?? token, ...(options.secrets ?? [])];
    const oracle = await StandingOracle.start({ serve, protos: loadProtos(), ...stableTraffic, secrets });
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
