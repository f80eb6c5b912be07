import { execFileSync } from 'node:child_process';

/**
 * A command line before Envoy's own that makes Linux end Envoy when its agent is gone without having had a chance to do so
 * (SIGKILL, out of memory): an orphan would hold the workload's ports. Empty where util-linux is not installed.
 */
export function parentDeathLauncher(signal: 'TERM' | 'KILL' = 'TERM'): readonly string[] {
  if (process.platform !== 'linux') return [];
  try {
    const help = execFileSync('setpriv', ['--help'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'], timeout: 2000 });
    return help.includes('--pdeathsig') ? ['setpriv', '--pdeathsig', signal, '--'] : [];
  } catch {
    return [];
  }
}
