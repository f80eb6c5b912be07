import { execFile } from 'node:child_process';
import { resolve } from 'node:path';

const program = resolve(import.meta.dirname, '../../../bin/coxswain.mjs');

export interface Ran {
  readonly code: number;
  /** Lines of standard output. */
  readonly lines: readonly string[];
  readonly errors: string;
}

/** Runs a command of the program to its end. */
export function runCoxswain(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  return new Promise((done) => {
    const options = { env: { ...process.env, ...env }, maxBuffer: 64 << 20, timeout: 300_000 };
    execFile(process.execPath, [program, ...args], options, (error, stdout, stderr) => {
      const code = error ? Number(error.code ?? 1) : 0;
      done({ code, lines: stdout.split('\n').filter((line) => line !== ''), errors: stderr });
    });
  });
}
