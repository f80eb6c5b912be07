import { execFile } from 'node:child_process';
import { availableParallelism, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** One line: what was measured, where and when. */
export async function describeMachine(): Promise<string> {
  const memory = `${Math.round(totalmem() / 2 ** 30)} GiB`;
  const load = `load ${loadavg()[0]?.toFixed(1)} at the end`;
  return `Commit ${await commit()}, ${new Date().toISOString()}: ${availableParallelism()} cores, ${memory}, ${load}, Node ${process.versions.node}.`;
}

async function commit(): Promise<string> {
  try {
    const { stdout } = await run('git', ['describe', '--always', '--dirty', '--exclude=*'], { cwd: import.meta.dirname });
    return stdout.trim();
  } catch {
    return 'unknown';
  }
}
