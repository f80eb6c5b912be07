import type { WebhookConfiguration } from './repaired.ts';

/** Whoever uninstalls us, or installs anew, is done within this time. */
const graceMs = 60_000;

interface Known {
  /** As it can be made again: without what the API server adds, and open until we are known to answer. */
  readonly template: WebhookConfiguration;
  readonly goneSinceMs?: number;
}

/** Configurations that were there and are no more. */
export class Departed {
  private readonly now: () => number;
  private readonly known = new Map<string, Known>();

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Of all that are there: those that have been gone for long enough, and the milliseconds until the next one is. */
  note(present: readonly WebhookConfiguration[]): { readonly due: readonly WebhookConfiguration[]; readonly nextInMs: number } {
    const now = this.now();
    const names = new Set(present.map(({ metadata }) => metadata.name));
    for (const configuration of present) this.known.set(configuration.metadata.name, { template: templateOf(configuration) });
    const due: WebhookConfiguration[] = [];
    let nextInMs = Number.POSITIVE_INFINITY;
    for (const [name, { template, goneSinceMs = now }] of this.known) {
      if (names.has(name)) continue;
      const leftMs = goneSinceMs + graceMs - now;
      if (leftMs <= 0) due.push(template);
      else nextInMs = Math.min(nextInMs, leftMs);
      // where making it again fails it is tried after as long again
      this.known.set(name, { template, goneSinceMs: leftMs <= 0 ? now : goneSinceMs });
    }
    return { due, nextInMs };
  }
}

function templateOf({ metadata, webhooks = [] }: WebhookConfiguration): WebhookConfiguration {
  const { name, labels = {}, annotations = {} } = metadata;
  return { metadata: { name, labels, annotations }, webhooks: webhooks.map((webhook) => ({ ...webhook, failurePolicy: 'Ignore' })) };
}
