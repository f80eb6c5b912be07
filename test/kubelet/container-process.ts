import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fchmodSync, mkdirSync, openSync } from 'node:fs';
import { kill, namespaceOf, processesIn, quote } from './network-sandbox.ts';

export interface BindMount {
  readonly source: string;
  readonly target: string;
  readonly isReadOnly: boolean;
}

export interface ContainerProcessOptions {
  /** See `NetworkSandbox.launcher`. */
  readonly launcher: readonly string[];
  /** An empty folder of its own. */
  readonly directory: string;
  readonly logFile: string;
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly workingDirectory: string;
  readonly mounts: readonly BindMount[];
  readonly isReadOnly: boolean;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
}

export interface ContainerExit {
  readonly code: number;
  readonly signal: NodeJS.Signals | null;
}

/**
 * One run of a container: a process of this machine in a pod's network, whose root is this machine's own with a layer above
 * it that is thrown away, and the pod's volumes. It sees all processes of the machine.
 */
export class ContainerProcess {
  /** Settles when the process and all that it has started are gone. */
  readonly exited: Promise<ContainerExit>;
  private readonly child: ChildProcess;
  private mountNamespace: string | undefined;

  constructor(options: ContainerProcessOptions) {
    mkdirSync(options.directory, { recursive: true });
    const log = openSync(options.logFile, 'a');
    // programs open /dev/stdout anew, whoever they run as
    fchmodSync(log, 0o666);
    const [program, ...launcher] = options.launcher;
    const inside = ['unshare', '--mount', '--propagation', 'private', 'sh', '-c', rootScript(options), 'sh', ...options.command];
    const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...options.env };
    this.child = spawn(program as string, [...launcher, ...inside], { env, stdio: ['ignore', log, log] });
    closeSync(log);
    const ended = new Promise<ContainerExit>((resolve) => {
      this.child.once('error', () => resolve({ code: 128, signal: null }));
      this.child.once('exit', (code, signal) => resolve({ code: code ?? 128 + (signal === 'SIGKILL' ? 9 : 15), signal }));
    });
    const noting = setInterval(() => this.noteNamespace(), 10);
    this.exited = ended.finally(() => {
      clearInterval(noting);
      this.killRest();
    });
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  signal(signal: NodeJS.Signals): void {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill(signal);
  }

  /** Runs a command beside it, in its network and its root; whether it ended with 0 in time. */
  exec(command: readonly string[], timeoutMs: number): Promise<boolean> {
    const args = ['--target', String(this.pid), '--net', '--uts', '--mount', '--root', '--wd', '--', ...command];
    return new Promise((resolve) => {
      const child = spawn('nsenter', args, { stdio: 'ignore', timeout: timeoutMs });
      child.once('error', () => resolve(false));
      child.once('exit', (code) => resolve(code === 0));
    });
  }

  /** What it has started is known by its mount namespace, which it does not have from the first moment on. */
  private noteNamespace(): void {
    if (this.mountNamespace !== undefined) return;
    const namespace = namespaceOf(this.pid, 'mnt');
    if (namespace !== undefined && namespace !== namespaceOf('self', 'mnt')) this.mountNamespace = namespace;
  }

  private killRest(): void {
    for (const pid of processesIn('mnt', this.mountNamespace ?? '')) kill(pid);
  }
}

/** Makes the root and goes on in it; what follows the script are the words of the command. */
function rootScript({ directory, mounts, isReadOnly, user, workingDirectory }: ContainerProcessOptions): string {
  const base = quote(directory);
  const root = `${base}/root`;
  const lines = [
    'set -e',
    `mount -t tmpfs tmpfs ${base}`,
    `mkdir ${base}/upper ${base}/work ${root}`,
    `mount -t overlay overlay -o lowerdir=/,upperdir=${base}/upper,workdir=${base}/work ${root}`,
    ...['proc', 'sys', 'dev'].map((name) => `mount --rbind /${name} ${root}/${name}`),
    ...mounts.map((mount) => bindLine(mount, root)),
    ...(isReadOnly ? [`mount -o remount,ro ${root}`] : []),
    // whoever changes the user loses the wish to end with the parent, so it is said with it
    `exec chroot ${root} env -C ${quote(workingDirectory)} setpriv ${privileges(user)} -- "$@"`,
  ];
  return lines.join('\n');
}

/** Links on the way to the target are followed inside of the root: `/var/run` must not lead to this machine's `/run`. */
function bindLine({ source, target, isReadOnly }: BindMount, root: string): string {
  const inside = quote(target);
  const from = quote(source);
  const file = `chroot ${root} sh -c 'mkdir -p "$(dirname "$1")"; [ -e "$1" ] || : > "$1"' sh ${inside}`;
  const lines = [
    `if [ -d ${from} ]; then chroot ${root} mkdir -p ${inside}; else ${file}; fi`,
    `to=${root}$(chroot ${root} realpath ${inside})`,
    `mount --bind ${from} "$to"`,
    ...(isReadOnly ? ['mount -o remount,bind,ro "$to"'] : []),
  ];
  return lines.join('\n');
}

function privileges(user: ContainerProcessOptions['user']): string {
  const ends = '--pdeathsig KILL';
  if (!user) return ends;
  return `${ends} --reuid ${user.uid} --regid ${user.gid} --clear-groups --no-new-privs --inh-caps=-all --bounding-set=-all`;
}
