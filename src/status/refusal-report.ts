import { sameContent } from '../config/same-content.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { formatRef } from '../model/object-ref.ts';
import type { Refusal } from './object-facts.ts';

/** On the ConfigMaps in which replicas tell the leader what their proxies refuse. */
export const reportLabel = 'coxswain.io/proxy-refusals';

export interface RefusalReportOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  /** Of this replica; unique among them. */
  readonly replica: string;
  readonly refusals: () => readonly Refusal[];
  readonly clock: Clock;
  readonly log: Logger;
}

/** Between two reports, and between two of the same content: the leader forgets those that are not renewed. */
const pauseMs = 5_000;
export const renewMs = 60_000;
/** Of one report; a ConfigMap holds 1 MiB. */
const maxRefusals = 100;
const maxMessageLength = 2000;

/** Keeps a ConfigMap with what the proxies of this replica refuse, while there is anything: an idle mesh has none. */
export class RefusalReport {
  private readonly options: RefusalReportOptions;
  private told: readonly Refusal[] = [];
  private toldMs = 0;
  private wake: () => void = () => {};

  constructor(options: RefusalReportOptions) {
    this.options = options;
  }

  /** What is refused may have changed. */
  changed(): void {
    this.wake();
  }

  /**
   * Until the signal. What is told stays when this replica ends: its proxies go to another one, and refuse there what they refused. What a
   * former life has told is taken back after a while, when they have had the time to come back.
   */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, log, refusals } = this.options;
    const settledMs = clock.now() + renewMs;
    let mayBeLeft = true;
    while (!signal.aborted) {
      try {
        await this.tell();
        if (mayBeLeft && clock.now() >= settledMs) {
          if (this.told.length === 0) await this.remove();
          mayBeLeft = false;
        }
      } catch (error) {
        log.warn({ error: String(error) }, 'the leader could not be told what proxies refuse; it is tried again');
      }
      await delay(clock, pauseMs, signal);
      if (!mayBeLeft && this.told.length === 0 && refusals().length === 0) await this.untilWoken(signal);
    }
  }

  private async tell(): Promise<void> {
    const { clock, refusals } = this.options;
    const current = refusals().slice(0, maxRefusals).map(shortened);
    if (sameContent(current, this.told) && (current.length === 0 || clock.now() - this.toldMs < renewMs)) return;
    if (current.length === 0) await this.remove();
    else await this.put(current);
    this.told = current;
    this.toldMs = clock.now();
  }

  private async put(refusals: readonly Refusal[]): Promise<void> {
    const { client, namespace, replica, clock } = this.options;
    const body = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: this.name, namespace, labels: { [reportLabel]: 'true' } },
      data: { replica, at: new Date(clock.now()).toISOString(), refusals: JSON.stringify(refusals) },
    };
    try {
      await client.request({ method: 'PUT', path: `${this.root}/${this.name}`, body });
    } catch (error) {
      if (!(error instanceof KubeApiError && error.status === 404)) throw error;
      await client.request({ method: 'POST', path: this.root, body });
    }
  }

  private async remove(): Promise<void> {
    try {
      await this.options.client.request({ method: 'DELETE', path: `${this.root}/${this.name}` });
    } catch (error) {
      if (!(error instanceof KubeApiError && error.status === 404)) throw error;
    }
  }

  private async untilWoken(signal: AbortSignal): Promise<void> {
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }

  private get name(): string {
    return `coxswain-refusals-${this.options.replica}`;
  }

  private get root(): string {
    return `/api/v1/namespaces/${this.options.namespace}/configmaps`;
  }
}

function shortened(refusal: Refusal): Refusal {
  return { ...refusal, message: refusal.message.slice(0, maxMessageLength) };
}

/** Refusals of several replicas as one list: the same words about the same objects are one. */
export function mergeRefusals(lists: readonly (readonly Refusal[])[]): readonly Refusal[] {
  const merged = new Map<string, Refusal>();
  for (const refusal of lists.flat()) {
    const key = JSON.stringify([refusal.message, refusal.suspects.map(({ ref, path }) => [formatRef(ref), path])]);
    const known = merged.get(key);
    const proxies = [...new Set([...(known?.proxies ?? []), ...refusal.proxies])].sort().slice(0, 10);
    merged.set(key, known ? { ...known, proxies, count: known.count + refusal.count } : refusal);
  }
  return [...merged.values()];
}
