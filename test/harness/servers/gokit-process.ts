import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { parentDeathLauncher } from '../../../src/agent/parent-death.ts';
import { buildGoProgram, goPrograms } from './go-program.ts';

const readyWithinMs = 30_000;

export interface GokitOptions {
  /** Flags of test/gokit without their dash: `{ registry: 'consul', 'registry-address': '127.0.0.1:8500', port: '0' }`. */
  readonly flags: Readonly<Record<string, string>>;
  /** What goes before the command: `['ip', 'netns', 'exec', 'vm']`. */
  readonly launcher?: readonly string[];
}

/** A running `register` that unmodified Go-kit has registered, if the flags name a registry. */
export class GokitProcess {
  /** `HOST:PORT` that it says it serves at. */
  readonly address: string;
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess, address: string) {
    this.child = child;
    this.address = address;
  }

  /** Resolves when it serves and has been registered. */
  static async start({ flags, launcher = [] }: GokitOptions): Promise<GokitProcess> {
    const path = await buildGoProgram(goPrograms.gokit);
    const args = Object.entries(flags).flatMap(([name, value]) => [`-${name}`, value]);
    const [program, ...rest] = [...parentDeathLauncher('KILL'), ...launcher, path, ...args];
    const child = spawn(program as string, rest, { stdio: ['ignore', 'pipe', 'pipe'] });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const ready = Promise.withResolvers<string>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('READY ')) ready.resolve(line.slice('READY '.length));
    });
    child.once('close', () => ready.reject(new Error(`gokit ended before it was ready: ${errors}`)));
    const timer = setTimeout(() => ready.reject(new Error(`gokit was not ready in time: ${errors}`)), readyWithinMs);
    try {
      return new GokitProcess(child, await ready.promise);
    } catch (error) {
      child.kill('SIGKILL');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** It leaves the registry, and ends. */
  stop(): Promise<void> {
    return this.end('SIGTERM');
  }

  /** It ends; the registry is not told. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  private async end(signal: NodeJS.Signals): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => this.child.once('exit', () => resolve()));
    this.child.kill(signal);
    await ended;
  }
}
