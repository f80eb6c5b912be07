import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { vi } from 'vitest';
import { appPort, cast } from '../../src/app/demo/cast.ts';

const program = fileURLToPath(new URL('../../bin/coxswain.mjs', import.meta.url));

/** One line a second of `coxswain demo --headless`. */
export interface TrafficLine {
  readonly requestsPerSecond: number;
  readonly okPercent: number;
  readonly v1: number;
  readonly v2: number;
}

/** A demo as a user starts it, in a process group of its own as a terminal gives it one. */
export class DemoProcess {
  readonly stdout: string[] = [];
  readonly stderr: string[] = [];
  readonly exited: Promise<number | null>;
  /** Its temporary folder, for itself alone: nothing may be left in it. */
  readonly scratch = mkdtempSync(join(tmpdir(), 'coxswain-demo-scratch-'));
  private readonly child: ChildProcess;

  constructor(args: readonly string[]) {
    this.child = spawn(process.execPath, [program, 'demo', '--headless', ...args], {
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
      env: { ...process.env, TMPDIR: this.scratch },
    });
    collectLines(this.child.stdout, this.stdout);
    collectLines(this.child.stderr, this.stderr);
    this.exited = new Promise((resolve) => this.child.once('close', (code) => resolve(code)));
  }

  /** Ctrl-C: to every process of the group. */
  interrupt(): void {
    process.kill(-this.pid, 'SIGINT');
  }

  /** The process that was started, alone, without a chance to say goodbye. */
  killParent(): void {
    process.kill(this.pid, 'SIGKILL');
  }

  /** Ends what is left of it, for a test that failed half-way. */
  killGroup(): void {
    try {
      process.kill(-this.pid, 'SIGKILL');
    } catch {
      // nothing is left
    }
  }

  /** Folders of its Envoys that were not removed. */
  leftFolders(): readonly string[] {
    return readdirSync(this.scratch).filter((name) => name.startsWith('coxswain-proxy-'));
  }

  /** The lines that were written after `from` and say how the traffic went. */
  traffic(from = 0): readonly TrafficLine[] {
    return this.stdout.slice(from).flatMap((line) => parseTraffic(line) ?? []);
  }

  /** Waits for a line, and returns how many there are up to it. */
  async line(of: 'stdout' | 'stderr', pattern: RegExp, from = 0): Promise<number> {
    const index = await vi.waitUntil(
      () => {
        const found = this[of].findIndex((line, i) => i >= from && pattern.test(line));
        return found < 0 ? undefined : { found };
      },
      { timeout: 60_000, interval: 50 },
    );
    return index.found + 1;
  }

  /** It and everything that it has started, at this moment. */
  family(): readonly number[] {
    const parents = new Map(processes().map((pid) => [pid, parentOf(pid)]));
    const found = new Set([this.pid]);
    for (let size = 0; size < found.size; ) {
      size = found.size;
      for (const [pid, parent] of parents) if (parent !== undefined && found.has(parent)) found.add(pid);
    }
    return [...found];
  }

  private get pid(): number {
    if (this.child.pid === undefined) throw new Error('the demo was not started');
    return this.child.pid;
  }
}

export function isAlive(pid: number): boolean {
  const state = statOf(pid)?.[0];
  return state !== undefined && state !== 'Z';
}

/** Addresses of the demo that somebody listens on. */
export function takenAddresses(): readonly string[] {
  const own = new Set(
    cast.flatMap(({ address, inboundPort, outboundPort }) => [inboundPort, outboundPort, appPort].map((port) => `${address}:${port}`)),
  );
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state] = row.trim().split(/\s+/);
    return state === listening && own.has(readAddress(local)) ? [readAddress(local)] : [];
  });
}

/** Of a TCP socket, in `/proc/net/tcp`. */
const listening = '0A';

/** `0B01007F:1F90` is 127.0.1.11:8080. */
function readAddress(hex: string): string {
  const [host = '', port = ''] = hex.split(':');
  const bytes = (host.match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16));
  return `${bytes.reverse().join('.')}:${Number.parseInt(port, 16)}`;
}

function parseTraffic(line: string): TrafficLine | undefined {
  const match = /^\d+s {2}([\d.]+) req\/s {2}([\d.]+)% ok {2}v1 [\d.]+% \((\d+)\) {2}v2 [\d.]+% \((\d+)\)/.exec(line);
  if (!match) return undefined;
  const [requestsPerSecond = 0, okPercent = 0, v1 = 0, v2 = 0] = match.slice(1).map(Number);
  return { requestsPerSecond, okPercent, v1, v2 };
}

function collectLines(stream: NodeJS.ReadableStream | null, into: string[]): void {
  let rest = '';
  stream?.setEncoding('utf8').on('data', (chunk: string) => {
    const lines = (rest + chunk).split('\n');
    rest = lines.pop() ?? '';
    into.push(...lines);
  });
}

function processes(): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);
}

function parentOf(pid: number): number | undefined {
  const parent = statOf(pid)?.[1];
  return parent === undefined ? undefined : Number(parent);
}

/** State, parent, ... : what follows the name in `/proc/<pid>/stat`. */
function statOf(pid: number): readonly string[] | undefined {
  try {
    return readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1)?.trim().split(' ');
  } catch {
    return undefined;
  }
}
