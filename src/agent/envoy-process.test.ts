import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { describeExit, EnvoyProcess } from './envoy-process.ts';
import { parentDeathLauncher } from './parent-death.ts';

const launcher = parentDeathLauncher();
const command = { launcher: [], path: process.execPath, args: ['-e', 'setInterval(() => {}, 1000)'], directory: tmpdir() };

it('tells how a run ended', async () => {
  const killed = new EnvoyProcess(command);
  killed.kill('SIGTERM');
  expect(describeExit(await killed.exited)).toBe('was ended by SIGTERM');
  killed.kill('SIGTERM'); // no process of that id may be hit any more
  expect(describeExit(await new EnvoyProcess({ ...command, args: ['-e', 'process.exit(3)'] }).exited)).toBe('ended with code 3');
  expect(describeExit(await new EnvoyProcess({ ...command, path: '/no/such/program' }).exited)).toMatch(/^could not be started: .*ENOENT/);
});

it.skipIf(launcher.length === 0)('ends with its agent, even where that is killed', async () => {
  const module = fileURLToPath(new URL('./envoy-process.ts', import.meta.url));
  const script = `
    const { EnvoyProcess } = await import(${JSON.stringify(module)});
    const envoy = new EnvoyProcess(${JSON.stringify({ ...command, launcher })});
    console.log(envoy.pid);
    setInterval(() => {}, 1000);`;
  const agent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [chunk] = (await once(agent.stdout, 'data')) as [Buffer];
  const pid = Number(chunk.toString());
  // only once the launcher has handed over to the program is the wish to die on record
  await vi.waitUntil(async () => !(await readFile(`/proc/${pid}/cmdline`, 'utf8')).startsWith('setpriv'));
  process.kill(pid, 0);
  agent.kill('SIGKILL');
  await vi.waitFor(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'), { timeout: 5000 });
});
