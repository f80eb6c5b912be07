import type { Cell, Input } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { isIpAddress } from '../../lib/cidr.ts';
import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { deepEqual } from '../../lib/deep-equal.ts';
import type { Logger } from '../../lib/log.ts';
import { onAbort } from '../../lib/on-abort.ts';
import { compareText } from '../../model/config-object.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';

/** What DNS says of a name; `ttlMs` is how long it may be believed. Rejects where no server answers. */
export type ResolveName = (name: string) => Promise<{ readonly addresses: readonly string[]; readonly ttlMs: number }>;

/** By name of a gateway: its addresses, as far as they are known. */
export type GatewayAddresses = Input<ReadonlyMap<string, readonly string[]>>;

export interface GatewayNamesOptions {
  readonly engine: Engine;
  readonly gateways: Cell<readonly Pick<NetworkGateway, 'address'>[]>;
  /** Where the answers are kept. */
  readonly addresses: GatewayAddresses;
  readonly resolve: ResolveName;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Names are asked for again after their time to live, but neither at every turn nor once a day (Istio's `MinGatewayTTL`, `MaxGatewayTTL`). */
const minTtlMs = 30_000;
const maxTtlMs = 3_600_000;

interface Known {
  addresses: readonly string[];
  cancel: CancelTimer | undefined;
}

/**
 * Addresses of the gateways that are stated by name, as cloud load balancers are: EDS knows addresses alone. Where a name cannot
 * be resolved its last addresses stay. Endpoints of mixed hosts are resolved in the same way.
 */
export class GatewayNames {
  private readonly options: GatewayNamesOptions;
  private readonly known = new Map<string, Known>();
  private isStopped = false;

  constructor(options: GatewayNamesOptions) {
    this.options = options;
  }

  /** Follows the gateways until the signal; resolves once every name of the moment was asked for. */
  async start(signal: AbortSignal): Promise<void> {
    const { engine, gateways } = this.options;
    const release = engine.observe(gateways, () => void this.follow());
    onAbort(signal, () => {
      release();
      this.isStopped = true;
      for (const { cancel } of this.known.values()) cancel?.();
    });
    await this.follow();
  }

  private async follow(): Promise<void> {
    if (this.isStopped) return;
    const names = new Set(this.options.gateways.get().flatMap(({ address }) => (isIpAddress(address) ? [] : [address])));
    for (const [name, { cancel }] of this.known) {
      if (names.has(name)) continue;
      cancel?.();
      this.known.delete(name);
    }
    const added = [...names].filter((name) => !this.known.has(name));
    for (const name of added) this.known.set(name, { addresses: [], cancel: undefined });
    this.publish();
    await Promise.all(added.map((name) => this.ask(name)));
  }

  private async ask(name: string): Promise<void> {
    const { resolve, clock, log } = this.options;
    let ttlMs = minTtlMs;
    const answer = await resolve(name).catch((error: unknown) => {
      log.warn({ err: error, name }, 'a name cannot be resolved; its last addresses stay');
      return undefined;
    });
    const known = this.known.get(name);
    if (known === undefined || this.isStopped) return;
    if (answer !== undefined) {
      known.addresses = [...answer.addresses].sort(compareText);
      ttlMs = Math.min(Math.max(answer.ttlMs, minTtlMs), maxTtlMs);
    }
    known.cancel = clock.setTimeout(() => void this.ask(name), ttlMs, { unref: true });
    this.publish();
  }

  private publish(): void {
    this.options.addresses.set(new Map([...this.known].map(([name, { addresses }]) => [name, addresses])));
  }
}

export function gatewayAddressInput(engine: Engine): GatewayAddresses {
  return engine.input<ReadonlyMap<string, readonly string[]>>(new Map(), sameEntries);
}

function sameEntries(a: ReadonlyMap<string, readonly string[]>, b: ReadonlyMap<string, readonly string[]>): boolean {
  return deepEqual([...a], [...b]);
}
