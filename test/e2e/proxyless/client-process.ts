import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/** What a client is asked to do, as one line of JSON. */
export interface CallOrder {
  readonly target: string;
  readonly calls: number;
  readonly timeoutMs: number;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** What came of it, as one line of JSON. */
export interface CallOutcome {
  /** Calls by the address of the backend that answered. */
  readonly answers: Readonly<Record<string, number>>;
  /** `UNAVAILABLE: why` of each call that failed. */
  readonly errors: readonly string[];
}

export interface ClientCommand {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** A gRPC client in a process of its own that keeps its channels; it ends when its standard input does. */
export class ClientProcess {
  private readonly child: ChildProcess;
  /** Orders that wait for their outcome, oldest first. */
  private readonly waiting: PromiseWithResolvers<string>[] = [];
  private readonly complaints: string[] = [];

  constructor({ file, args, env }: ClientCommand) {
    const child = spawn(file, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'pipe', 'pipe'] });
    this.child = child;
    const output = createInterface({ input: child.stdout });
    output.on('line', (line) => this.waiting.shift()?.resolve(line));
    output.on('close', () => {
      for (const { reject } of this.waiting.splice(0)) reject(new Error(`the client ended:\n${this.complaints.join('\n')}`));
    });
    createInterface({ input: child.stderr }).on('line', (line) => this.complaints.push(line));
  }

  async call(order: CallOrder): Promise<CallOutcome> {
    const answer = Promise.withResolvers<string>();
    this.waiting.push(answer);
    this.child.stdin?.write(`${JSON.stringify(order)}\n`);
    return JSON.parse(await answer.promise) as CallOutcome;
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const exit = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await exit;
  }
}
