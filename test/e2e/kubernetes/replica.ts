import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { ServerMetrics } from '../../harness/oracle/server-metrics.ts';
import { pinnedNode } from '../../harness/serve-process.ts';

const program = fileURLToPath(new URL('../../../src/main.ts', import.meta.url));

export interface ReplicaOptions {
  readonly kubeconfig: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly args?: readonly string[];
}

/** One of several control planes of a cluster: the process itself, so that signals reach it. It ends with the process that started it. */
export class Replica {
  readonly child: ChildProcessWithoutNullStreams;
  /** By the keys of its READY line. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly log: () => string;
  readonly metrics: ServerMetrics;

  private constructor(child: ChildProcessWithoutNullStreams, addresses: Readonly<Record<string, string>>, log: () => string) {
    this.child = child;
    this.addresses = addresses;
    this.log = log;
    this.metrics = new ServerMetrics(this);
  }

  static async start({ kubeconfig, env = {}, args = [] }: ReplicaOptions): Promise<Replica> {
    const addresses = ['--xds-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
    const child = spawn(pinnedNode, [program, 'serve', '--exit-with-stdin', '--kubeconfig', kubeconfig, ...addresses, ...args], {
      env: { ...process.env, ...env },
    });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const ready = new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).on('line', (line) => {
        if (line.startsWith('READY ')) resolve(line);
      });
      child.once('close', () => reject(new Error(`it ended before it was ready: ${errors}`)));
    });
    const pairs = (await ready).split(' ').slice(1);
    return new Replica(child, Object.fromEntries(pairs.map((pair) => pair.split('=', 2))), () => errors);
  }

  /** `HOST:PORT` of its discovery service. */
  get xds(): string {
    return this.addresses['xds'] ?? '';
  }

  get programPid(): number | undefined {
    return this.child.pid;
  }

  get(path: string): Promise<Response> {
    return fetch(`http://${this.addresses['http']}${path}`);
  }

  /** Sum of a metric's samples whose labels contain the text. */
  async metric(name: string, labels = ''): Promise<number> {
    const samples = await this.metrics.samples(name);
    return [...samples].filter(([series]) => series.includes(labels)).reduce((sum, [, value]) => sum + value, 0);
  }

  leads(lock: string): Promise<boolean> {
    return this.metric('coxswain_leader', `lock="${lock}"`).then((value) => value === 1);
  }

  /** It is told to stop, also where it was stopped in its tracks. */
  async end(): Promise<void> {
    if (this.child.exitCode === null) this.child.kill('SIGCONT');
    await this.kill('SIGTERM');
  }

  async kill(signal: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill(signal);
    await ended;
  }
}
