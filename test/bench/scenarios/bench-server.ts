import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { parsePrometheusText } from '../../harness/prometheus-text.ts';
import { filledIn, ownServer, serverEnvironment } from '../measured-server.ts';

export interface BenchServerOptions {
  /** The directory that it reads. */
  readonly config: string;
  /** Its built-in limit on new streams, instead of none. */
  readonly limitsStreams?: boolean;
  /** With an inspector, so that its garbage can be collected when somebody asks. */
  readonly isInspected?: boolean;
}

/** Our own server as a process, from `dist/` where that was built. */
export class BenchServer {
  readonly xds: string;
  /** Of its inspector, empty without one. */
  readonly inspector: string;
  private readonly http: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, addresses: { readonly xds: string; readonly http: string; readonly inspector: string }) {
    this.child = child;
    this.xds = addresses.xds;
    this.http = addresses.http;
    this.inspector = addresses.inspector;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  static async start({ config, limitsStreams = false, isInspected = false }: BenchServerOptions): Promise<BenchServer> {
    const command = ownServer(isInspected ? ['--inspect=127.0.0.1:0'] : []);
    const [program = '', ...args] = filledIn(command, config, '127.0.0.1:0');
    // A bench that is killed takes its server along.
    const child = spawn(program, [...args, '--exit-with-stdin'], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: limitsStreams ? process.env : serverEnvironment(),
    });
    const ready = Promise.withResolvers<string>();
    let inspector = '';
    createInterface({ input: child.stdout }).on('line', (line) => line.startsWith('READY ') && ready.resolve(line));
    createInterface({ input: child.stderr }).on('line', (line) => {
      const url = /^Debugger listening on (ws:\S+)/.exec(line)?.[1];
      if (url === undefined && !/^(For help, see|Debugger)/.test(line)) process.stderr.write(`server: ${line}\n`);
      inspector ||= url ?? '';
    });
    child.once('exit', () => ready.reject(new Error('the server ended')));
    const line = await ready.promise;
    const address = (key: string) => new RegExp(` ${key}=(\\S+)`).exec(line)?.[1] ?? '';
    return new BenchServer(child, { xds: address('xds'), http: address('http'), inspector });
  }

  /** A metric's series, as one scrape has them. */
  async series(name: string): Promise<ReadonlyMap<string, number>> {
    const text = await (await fetch(`http://${this.http}/metrics`)).text();
    return parsePrometheusText(text).get(name)?.samples ?? new Map<string, number>();
  }

  /** The sum of a metric's series. */
  async metric(name: string): Promise<number> {
    return [...(await this.series(name)).values()].reduce((sum, value) => sum + value, 0);
  }

  /** Streams that the server knows of. */
  async connections(): Promise<number> {
    const answer = (await (await fetch(`http://${this.http}/debug/connections`)).json()) as { readonly totalClients: number };
    return answer.totalClients;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}
