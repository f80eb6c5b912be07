import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** How a server is started: `{config}` and `{address}` in the words stand for the directory to read and where to listen. */
export interface ServerCommand {
  readonly label: string;
  readonly words: readonly string[];
}

/** Our own server, from `dist/` where that was built, with the flags of Node with which the image starts it. */
export function ownServer(nodeFlags: readonly string[] = []): ServerCommand {
  const built = join(root, 'dist/main.js');
  const main = existsSync(built) ? built : join(root, 'src/main.ts');
  const options = ['--config', '{config}', '--xds-address', '{address}', '--http-address', '127.0.0.1:0', '--log-level', 'error'];
  return {
    label: existsSync(built) ? 'coxswain (dist)' : 'coxswain (src)',
    words: [join(root, 'node_modules/node/bin/node'), ...imageFlags(), ...nodeFlags, main, 'serve', ...options],
  };
}

function imageFlags(): readonly string[] {
  const entrypoint = /^ENTRYPOINT (.*)$/m.exec(readFileSync(join(root, 'deploy/docker/pilot.Dockerfile'), 'utf8'))?.[1];
  if (entrypoint === undefined) throw new Error('the image has no entry point');
  return (JSON.parse(entrypoint) as readonly string[]).filter((word) => word.startsWith('--'));
}

export function filledIn(command: ServerCommand, config: string, address: string): readonly string[] {
  return command.words.map((word) => word.replaceAll('{config}', config).replaceAll('{address}', address));
}

/** A server under measurement. */
export class MeasuredServer {
  readonly address: string;
  private readonly child: ChildProcess;

  private constructor(address: string, child: ChildProcess) {
    this.address = address;
    this.child = child;
  }

  get pid(): number {
    return this.child.pid as number;
  }

  /** Resolves once it accepts connections. */
  static async start(command: ServerCommand, config: string): Promise<MeasuredServer> {
    const address = await freeAddress();
    const [program = '', ...args] = filledIn(command, config, address);
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'inherit'], env: serverEnvironment() });
    const server = new MeasuredServer(address, child);
    const ended = once(child, 'exit').then(() => Promise.reject(new Error(`${command.label} ended before it listened`)));
    await Promise.race([accepting(address), ended]);
    ended.catch(() => {});
    return server;
  }

  async stop(): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGTERM');
    await ended;
  }
}

/** Without a limit on new streams: a bench connects them all at once. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, PILOT_MAX_REQUESTS_PER_SECOND: '100000' };
}

export async function freeAddress(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise<void>((resolve_) => server.close(() => resolve_()));
  return `127.0.0.1:${port}`;
}

async function accepting(address: string): Promise<void> {
  const port = Number(address.slice(address.lastIndexOf(':') + 1));
  for (;;) {
    const isOpen = await new Promise<boolean>((done) => {
      const socket = connect(port, '127.0.0.1', () => {
        socket.destroy();
        done(true);
      });
      socket.once('error', () => done(false));
    });
    if (isOpen) return;
    await new Promise<void>((later) => setTimeout(later, 50));
  }
}
