import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parentDeathLauncher } from '../../../src/agent/parent-death.ts';

const readyWithinMs = 120_000;
const checkEveryMs = 25;
const endsWithinMs = 15_000;

export interface RealServerOptions {
  /** Names its log file. */
  readonly name: string;
  /** Where it runs, and where its log lies. */
  readonly directory: string;
  readonly command: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
  /** Whether it answers yet; a rejection is a no. */
  readonly isReady: () => Promise<boolean>;
}

/** One program that can be started, ended, stopped in its tracks and started again, always with the same command. */
export class RealServer {
  readonly name: string;
  private readonly options: RealServerOptions;
  private readonly logFile: string;
  private child: ChildProcess | undefined;

  constructor(options: RealServerOptions) {
    this.name = options.name;
    this.options = options;
    this.logFile = join(options.directory, `${options.name}.log`);
  }

  get pid(): number | undefined {
    return this.isRunning ? this.child?.pid : undefined;
  }

  get isRunning(): boolean {
    return this.child !== undefined && this.child.exitCode === null && this.child.signalCode === null;
  }

  /** Everything that it has said since its first start. */
  log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Resolves once it answers. Rejects with the end of its log where it ends before that, or takes too long. */
  async start(): Promise<void> {
    this.launch();
    await this.untilReady();
  }

  /** Starts the process and does not wait for it. */
  launch(): void {
    if (this.isRunning) throw new Error(`${this.name} runs already`);
    const { directory, command, env = process.env } = this.options;
    const log = openSync(this.logFile, 'a');
    // it must not outlive the tests, however they end, not even while it is paused
    const [program, ...args] = [...parentDeathLauncher('KILL'), ...command];
    this.child = spawn(program as string, args, { cwd: directory, env, stdio: ['ignore', log, log] });
    this.child.on('error', () => {});
    closeSync(log);
  }

  async untilReady(): Promise<void> {
    const end = Date.now() + readyWithinMs;
    while (!(await this.options.isReady().catch(() => false))) {
      if (!this.isRunning || Date.now() > end) {
        const problem = this.isRunning ? 'was not ready in time' : 'ended before it was ready';
        throw new Error(`${this.name} ${problem}: ${this.log().slice(-3000)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, checkEveryMs));
    }
  }

  /** Ends it without a chance to say goodbye, and waits until it is gone. */
  async kill(): Promise<void> {
    await this.end('SIGKILL');
  }

  /** Asks it to end, and insists after a while. */
  async stop(): Promise<void> {
    const insist = setTimeout(() => this.signal('SIGKILL'), endsWithinMs);
    await this.end('SIGTERM');
    clearTimeout(insist);
  }

  /** It keeps its sockets and answers nothing: SIGSTOP. */
  pause(): void {
    this.signal('SIGSTOP');
  }

  resume(): void {
    this.signal('SIGCONT');
  }

  private async end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void> {
    const { child } = this;
    if (!child || !this.isRunning) return;
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    this.signal(signal);
    this.resume();
    await ended;
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.isRunning) this.child?.kill(signal);
  }
}
