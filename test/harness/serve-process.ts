import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export const program = fileURLToPath(new URL('../../bin/coxswain.mjs', import.meta.url));
const readyWithinMs = 60_000;

/** The Node that package.json pins, whatever runs the tests. */
export const pinnedNode = fileURLToPath(new URL('../../node_modules/node/bin/node', import.meta.url));

/** A running `coxswain serve`, as users start it, on free ports of loopback; it ends with the process that started it. */
export class ServeProcess {
  readonly child: ChildProcessWithoutNullStreams;
  readonly xds: string;
  readonly http: string;
  /** Everything on standard error so far. */
  readonly log: () => string;

  private constructor(child: ChildProcessWithoutNullStreams, ready: Readonly<Record<string, string>>, log: () => string) {
    this.child = child;
    this.xds = ready['xds'] ?? '';
    this.http = ready['http'] ?? '';
    this.log = log;
  }

  /** Resolves once the process has said READY; rejects with all that it said where it ends before, or takes too long. */
  static start(config: string, ...more: readonly string[]): Promise<ServeProcess> {
    return ServeProcess.launch(['--config', config, ...more]);
  }

  /** The same on whatever the flags and the environment name. */
  static async launch(flags: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ServeProcess> {
    const addresses = ['--xds-address', '127.0.0.1:0', '--http-address', '127.0.0.1:0'];
    const all = [program, 'serve', '--exit-with-stdin', ...addresses, ...flags];
    const child = spawn(pinnedNode, all, { env: { ...process.env, ...env } });
    let errors = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    const ready = Promise.withResolvers<string>();
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (line.startsWith('READY ')) ready.resolve(line);
    });
    child.once('close', () => ready.reject(new Error(`it ended before it was ready: ${errors}`)));
    const timer = setTimeout(() => ready.reject(new Error(`it was not ready in time: ${errors}`)), readyWithinMs);
    try {
      return new ServeProcess(child, addressesOf(await ready.promise), () => errors);
    } catch (error) {
      child.kill('SIGTERM');
      throw error;
    } finally {
      clearTimeout(timer);
    }
  }

  get(path: string): Promise<Response> {
    return fetch(`http://${this.http}${path}`);
  }

  /** The launcher starts one process, in which the program runs. */
  get programPid(): number | undefined {
    const { pid } = this.child;
    const children = `/proc/${pid}/task/${pid}/children`;
    const [first] = existsSync(children) ? readFileSync(children, 'utf8').split(' ') : [];
    return first ? Number(first) : undefined;
  }

  /** The exit code, or the signal that ended it. */
  async ended(): Promise<number | string | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode ?? this.child.signalCode;
    const [code, signal] = (await once(this.child, 'exit')) as [number | null, string | null];
    return code ?? signal;
  }

  /** Asks it to end, as a service manager does, and returns its exit code. */
  async stop(): Promise<number | string | null> {
    this.child.kill('SIGTERM');
    return this.ended();
  }

  /** Ends it at once. What was killed is only the launcher: the program itself ends with its standard input. */
  kill(): void {
    this.child.stdin.destroy();
    if (this.child.exitCode === null) this.child.kill('SIGKILL');
  }
}

/** `READY xds=127.0.0.1:15010 http=...` by key. */
function addressesOf(readyLine: string): Readonly<Record<string, string>> {
  const pairs = readyLine.split(' ').slice(1);
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}
