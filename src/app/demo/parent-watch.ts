import { readFileSync } from 'node:fs';
import type { Clock } from '../../lib/clock.ts';

/** A process and whose child it was when the watch began. */
interface Link {
  readonly pid: number;
  readonly parent: number;
}

const everyMs = 500;
const maxLinks = 6;

/**
 * Aborts when a process that the demo was started by is gone: an orphan of it would keep ports and Envoys. Through npm that
 * is a chain (npm, its shell, scripts/with-node.mjs); only Linux shows more of it than the parent.
 */
export function watchParents(clock: Clock): AbortSignal {
  const gone = new AbortController();
  const links = chain();
  const look = () => {
    if (links.every(({ pid, parent }) => parentOf(pid) === parent)) clock.setTimeout(look, everyMs, { unref: true });
    else gone.abort();
  };
  look();
  return gone.signal;
}

/** This process, and those above it that exist only to start it. */
function chain(): readonly Link[] {
  const links: Link[] = [{ pid: process.pid, parent: process.ppid }];
  for (let pid = process.ppid; isLauncher(pid) && links.length < maxLinks; ) {
    const parent = parentOf(pid);
    if (parent === undefined) break;
    links.push({ pid, parent });
    pid = parent;
  }
  return links;
}

function isLauncher(pid: number): boolean {
  const command = readProc(pid, 'cmdline')?.split('\u0000') ?? [];
  if (command.some((word) => word.endsWith('scripts/with-node.mjs') || word.endsWith('bin/coxswain.mjs'))) return true;
  return command[1] === '-c' && command.some((word) => word.includes('scripts/with-node.mjs'));
}

function parentOf(pid: number): number | undefined {
  if (pid === process.pid) return process.ppid;
  // the second field is a name in brackets that may hold anything
  const fields = readProc(pid, 'stat')?.split(')').at(-1)?.trim().split(' ');
  return fields?.[1] === undefined ? undefined : Number(fields[1]);
}

function readProc(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return undefined;
  }
}
