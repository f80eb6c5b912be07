import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { freeAddress, ownServer, type ServerCommand, serverEnvironment } from '../measured-server.ts';

const lookEveryMs = 25;
const readyWithinMs = 300_000;

/** Our own server on a cluster: `{kubeconfig}`, `{address}` and `{http}` stand for what it reads and where it listens. */
export function ownClusterServer(): ServerCommand {
  const { label, words } = ownServer();
  const options = ['--kubeconfig', '{kubeconfig}', '--xds-address', '{address}', '--http-address', '{http}', '--log-level', 'error'];
  return { label, words: [...words.slice(0, words.indexOf('--config')), ...options] };
}

/** A server under measurement that follows an API server. */
export class FollowedServer {
  /** `HOST:PORT` of its discovery service. */
  readonly xds: string;
  /** From its start until `/ready` said yes. */
  readonly readyMs: number;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, xds: string, readyMs: number) {
    this.child = child;
    this.xds = xds;
    this.readyMs = readyMs;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Resolves once its HTTP port says that it is ready. */
  static async start({ label, words }: ServerCommand, kubeconfig: string): Promise<FollowedServer> {
    const [address, http] = [await freeAddress(), await freeAddress()];
    const filled = words.map((word) =>
      word.replaceAll('{kubeconfig}', kubeconfig).replaceAll('{address}', address).replaceAll('{http}', http),
    );
    const [program = '', ...args] = filled;
    const startedMs = performance.now();
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: serverEnvironment() });
    let hasEnded = false;
    child.once('exit', () => {
      hasEnded = true;
    });
    while (!(await isReady(http))) {
      if (hasEnded) throw new Error(`${label} ended before it was ready`);
      if (performance.now() - startedMs > readyWithinMs) throw new Error(`${label} was not ready in time`);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
    return new FollowedServer(child, address, performance.now() - startedMs);
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

async function isReady(http: string): Promise<boolean> {
  try {
    return (await fetch(`http://${http}/ready`)).status === 200;
  } catch {
    return false;
  }
}
