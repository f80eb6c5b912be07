import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { setPriority } from 'node:os';
import type { Pace } from '../../harness/fleet/ads-connection.ts';

/** What a process of proxies is told. */
export type FleetCommand =
  | { readonly kind: 'begin'; readonly address: string; readonly services: number; readonly endpoints: number; readonly first: number }
  | { readonly kind: 'connect'; readonly count: number; readonly pace: Pace; readonly withinMs: number }
  /** Answered once everybody is configured. */
  | { readonly kind: 'allReady' }
  | { readonly kind: 'look'; readonly mark: string };

export interface FleetState {
  readonly proxies: number;
  readonly ready: number;
  /** Proxies whose endpoints of the service that changes hold the mark. */
  readonly holding: number;
  readonly receivedBytes: number;
  /** Streams that the server ended, by gRPC status. */
  readonly ended: Readonly<Record<string, number>>;
}

/** Lower than ours and the server's, as if these proxies had machines of their own. */
const priority = 1;

/** Proxies in a process of their own: what they have to do must not be taken for the server's delay. */
export class FleetProcess {
  private readonly child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.child = child;
  }

  static async start(begin: Omit<FleetCommand & { kind: 'begin' }, 'kind'>): Promise<FleetProcess> {
    const child = fork(new URL('./fleet-worker.ts', import.meta.url), { stdio: 'inherit' });
    setPriority(child.pid as number, priority);
    const fleet = new FleetProcess(child);
    await fleet.ask({ kind: 'begin', ...begin });
    return fleet;
  }

  /** Opens the connections, spread evenly over the time. */
  connect(count: number, pace: Pace, withinMs = 0): Promise<FleetState> {
    return this.ask({ kind: 'connect', count, pace, withinMs });
  }

  allReady(): Promise<FleetState> {
    return this.ask({ kind: 'allReady' });
  }

  look(mark = ''): Promise<FleetState> {
    return this.ask({ kind: 'look', mark });
  }

  async stop(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  /** One question at a time. */
  private async ask(command: FleetCommand): Promise<FleetState> {
    const answer = once(this.child, 'message');
    this.child.send(command);
    const [state] = await answer;
    return state as FleetState;
  }
}
