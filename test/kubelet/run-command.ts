import { spawn } from 'node:child_process';

/** Runs a program to its end and returns what it printed. Rejects with what it complained. */
export function runCommand(program: string, args: readonly string[], stdin = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { timeout: 30_000 });
    let output = '';
    let errors = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      errors += text;
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${program} ${args.join(' ')}: ${errors.trim() || `it ended with ${code}`}`));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(stdin);
  });
}
