import type { Fleet } from '../../harness/fleet/fleet.ts';
import { probeAddress, type ServiceWorld } from '../../harness/fleet/service-world.ts';

export interface Spread {
  /** Milliseconds from the file's rename until one proxy had acknowledged the change, of all proxies and changes. */
  readonly latencies: readonly number[];
  /** How often a change did not reach a proxy within a minute. */
  readonly lost: number;
}

/** Makes changes, each with a mark of its own: an endpoint and a route in turn. */
export class ChangeSpreader {
  private readonly fleet: Fleet;
  private readonly world: ServiceWorld;
  private changes = 0;

  constructor(fleet: Fleet, world: ServiceWorld) {
    this.fleet = fleet;
    this.world = world;
  }

  /** The mark of the last change of an endpoint. */
  get lastAddress(): string {
    return probeAddress(this.changes - (this.changes % 2));
  }

  /** So many changes, one after the other has reached everybody. */
  async spread(count: number): Promise<Spread> {
    const latencies: number[] = [];
    for (let i = 0; i < count; i++) latencies.push(...(await this.one()));
    return { latencies, lost: count * this.fleet.proxies.length - latencies.length };
  }

  /** An endpoint, then a route. */
  private one(): Promise<readonly number[]> {
    const number = ++this.changes;
    if (number % 2 === 0) return this.fleet.spread(() => this.world.setProbe([probeAddress(number)]), probeAddress(number));
    const mark = `mark-${String(number).padStart(6, '0')}`;
    return this.fleet.spread(() => this.world.setRoute(mark), mark);
  }
}
