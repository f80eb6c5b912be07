import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync, openSync } from 'node:fs';
import { join } from 'node:path';

/** How one run of Envoy ended. */
export interface EnvoyExit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** It could not even be started. */
  readonly error?: Error;
}

export interface EnvoyCommand {
  readonly launcher: readonly string[];
  readonly path: string;
  readonly args: readonly string[];
  readonly directory: string;
  /** Added to the agent's own. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** One run of Envoy, from start to exit. */
export class EnvoyProcess {
  /** Settles once; never rejects. */
  readonly exited: Promise<EnvoyExit>;
  private readonly child: ChildProcess;

  /** `launcher` goes before the program (see `parentDeathLauncher`); `directory` takes its output where that has no better place. */
  constructor({ launcher, path, args, directory, environment = {} }: EnvoyCommand) {
    const [program = path, ...rest] = [...launcher, path, ...args];
    // A session of its own: Ctrl-C in a terminal must reach the agent, which drains Envoy first.
    this.child = spawn(program, rest, {
      stdio: ['ignore', standardOutput(directory), 'inherit'],
      detached: true,
      env: { ...process.env, ...environment },
    });
    this.exited = new Promise((resolve) => {
      this.child.once('error', (error) => resolve({ code: null, signal: null, error }));
      this.child.once('exit', (code, signal) => resolve({ code, signal }));
    });
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  kill(signal: NodeJS.Signals): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
  }
}

/**
 * Access logs go to `/dev/stdout`, which cannot be opened where it is a socket, as it is below a parent that is a Node
 * process; Envoy then refuses the listener. A file takes its place there.
 */
function standardOutput(directory: string): 'inherit' | number {
  return isSocket(1) ? openSync(join(directory, 'stdout.log'), 'a') : 'inherit';
}

function isSocket(fd: number): boolean {
  try {
    return fstatSync(fd).isSocket();
  } catch {
    return false;
  }
}

export function describeExit(exit: EnvoyExit): string {
  if (exit.error) return `could not be started: ${exit.error.message}`;
  return exit.signal === null ? `ended with code ${exit.code}` : `was ended by ${exit.signal}`;
}
