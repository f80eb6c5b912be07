import { type ChildProcess, spawn } from 'node:child_process';
import { readdirSync, readlinkSync } from 'node:fs';
import { runCommand } from './run-command.ts';

/** Names of our ends of links, followed by the process that holds the other end. */
export const linkPrefix = 'cxv';

export interface SandboxOptions {
  readonly hostname?: string;
  /** `net.ipv4.ip_unprivileged_port_start` and the like, of its namespace. */
  readonly sysctls?: readonly { readonly name: string; readonly value: string }[];
}

interface Place extends SandboxOptions {
  readonly address: string;
  readonly gateway: string;
  readonly bridge: string;
  readonly onEnd: () => void;
}

/** A network namespace and a process that does nothing but hold it: it is gone when that ends, and that ends with us. */
export class NetworkSandbox {
  readonly address: string;
  private readonly place: Place;
  private holder: ChildProcess | undefined;
  private namespace = '';

  constructor(place: Place) {
    this.place = place;
    this.address = place.address;
  }

  async start(): Promise<void> {
    const { hostname = 'sandbox', sysctls = [], address, gateway, bridge } = this.place;
    const settings = sysctls.map(({ name, value }) => `echo ${quote(value)} > /proc/sys/${quote(name.replaceAll('.', '/'))}`);
    const script = [`hostname ${quote(hostname)}`, ...settings, 'echo ready', 'exec sleep infinity'].join(' && ');
    const holder = spawn('setpriv', ['--pdeathsig', 'KILL', '--', 'unshare', '--net', '--uts', 'sh', '-c', script]);
    this.holder = holder;
    await firstOutput(holder);
    this.namespace = readlinkSync(`/proc/${holder.pid}/ns/net`);
    const outside = `${linkPrefix}${holder.pid}`;
    const links = [`link add ${outside} type veth peer name eth0 netns ${holder.pid}`, `link set ${outside} master ${bridge} up`];
    await runCommand('ip', ['-batch', '-'], links.join('\n'));
    const inside = ['link set lo up', 'link set eth0 up', `address add ${address}/24 dev eth0`, `route add default via ${gateway}`];
    await runCommand('nsenter', ['--target', String(holder.pid), '--net', 'ip', '-batch', '-'], inside.join('\n'));
  }

  /** Goes before a command that is to run in it. */
  get launcher(): readonly string[] {
    return ['nsenter', '--target', String(this.holder?.pid), '--net', '--uts'];
  }

  /** Ends everything that runs in it, and it. */
  async destroy(): Promise<void> {
    const { holder } = this;
    if (!holder) return;
    const ended = new Promise<void>((resolve) => {
      if (holder.exitCode !== null || holder.signalCode !== null) resolve();
      else holder.once('exit', () => resolve());
    });
    for (const pid of processesIn('net', this.namespace)) kill(pid);
    holder.kill('SIGKILL');
    await ended;
    // sockets that still have something to say keep the namespace, and with it the link, for minutes
    await runCommand('ip', ['link', 'delete', `${linkPrefix}${holder.pid}`]).catch(() => {});
    this.holder = undefined;
    this.place.onEnd();
  }
}

/** Processes whose namespace of this type is the named one. */
export function processesIn(type: 'net' | 'mnt', namespace: string): readonly number[] {
  if (namespace === '') return [];
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.filter((pid) => namespaceOf(pid, type) === namespace).map(Number);
}

/** Undefined where there is no such process any more. */
export function namespaceOf(pid: number | string, type: 'net' | 'mnt'): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/${type}`);
  } catch {
    return undefined;
  }
}

export function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // it has ended meanwhile
  }
}

/** For a shell. */
export function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function firstOutput(child: ChildProcess): Promise<void> {
  let errors = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code) => reject(new Error(`a network namespace cannot be made (${code}): ${errors}`)));
    child.stdout?.once('data', () => resolve());
  });
}
