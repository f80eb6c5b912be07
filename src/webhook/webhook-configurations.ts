import { sameContent } from '../config/same-content.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import type { KubeClient } from '../kubernetes/kube-client.ts';
import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import { untilChanged, untilChangedOr } from '../kubernetes/until-changed.ts';
import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { Departed } from './departed.ts';
import { RepairPauses } from './repair-pauses.ts';
import { repaired, type WebhookConfiguration } from './repaired.ts';

export interface WebhookConfigurationsOptions {
  readonly client: KubeClient;
  readonly namespace: string;
  readonly revision: string;
  /** What clients are to trust, as PEM; asked before each look. */
  readonly bundle: () => string;
  readonly clock: Clock;
  readonly log: Logger;
  readonly onUpdated: () => void;
  readonly onFailed: (reason: string) => void;
}

/** Items of a list do not say what they are. */
const identity = { apiVersion: 'admissionregistration.k8s.io/v1', kind: 'ValidatingWebhookConfiguration' };
const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
/** As long as nothing is heard of changes. */
const lookEveryMs = 60_000;
const pauseMs = 1000;

/**
 * Keeps the ValidatingWebhookConfigurations of this revision such that the API server reaches us: the certificates to trust and, once a
 * test shows that objects are refused, `failurePolicy: Fail` (as istiod does). What others overwrite is repaired, ever more slowly where
 * they do not stop; one that was deleted is made again after a minute, open, and fails closed once a test shows that we answer.
 */
export class WebhookConfigurations {
  private readonly options: WebhookConfigurationsOptions;
  private readonly pauses: RepairPauses;
  private readonly departed: Departed;
  private isAnswering = false;
  private wake: () => void = () => {};

  constructor(options: WebhookConfigurationsOptions) {
    this.options = options;
    this.pauses = new RepairPauses(() => options.clock.now());
    this.departed = new Departed(() => options.clock.now());
  }

  /** What clients are to trust has changed. */
  look(): void {
    this.wake();
  }

  async run(term: LeaderTerm): Promise<void> {
    const { client, log, onFailed } = this.options;
    const labelSelector = `istio.io/rev=${this.options.revision}`;
    this.isAnswering = false;
    while (!term.signal.aborted) {
      let waitMs = lookEveryMs;
      let resourceVersion: string | undefined;
      try {
        const list = (await client.request({ method: 'GET', path, query: { labelSelector }, signal: term.signal })) as ConfigurationList;
        resourceVersion = list.metadata.resourceVersion;
        const ours = list.items.filter(isOurs);
        waitMs = Math.min(await this.keep(ours, term), await this.remake(ours, term));
      } catch (error) {
        if (term.signal.aborted) return;
        onFailed(error instanceof KubeApiError ? error.reason : 'unreachable');
        log.warn({ error: String(error) }, 'the webhook configurations cannot be kept up to date; it is tried again');
      }
      await this.wait(waitMs, resourceVersion, labelSelector, term.signal);
    }
  }

  /** Milliseconds after which to look again, unless something changes before. */
  private async keep(configurations: readonly WebhookConfiguration[], term: LeaderTerm): Promise<number> {
    let waitMs = lookEveryMs;
    const bundle = Buffer.from(this.options.bundle()).toString('base64');
    for (const configuration of configurations) {
      const { name } = configuration.metadata;
      const wanted = repaired(configuration, bundle, this.isAnswering);
      if (sameContent(wanted, configuration)) {
        this.pauses.right(name);
        continue;
      }
      const pause = this.pauses.before(name);
      if (pause > 0) waitMs = Math.min(waitMs, pause);
      else if (term.isCurrent()) await this.update(wanted, term);
    }
    if (configurations.length === 0 || this.isAnswering) return waitMs;
    this.isAnswering = await this.refusesBadObjects(term);
    return this.isAnswering ? 0 : Math.min(waitMs, 5 * pauseMs);
  }

  /** Milliseconds after which to look again for those that are gone. */
  private async remake(present: readonly WebhookConfiguration[], term: LeaderTerm): Promise<number> {
    const { client, log, onUpdated } = this.options;
    const { due, nextInMs } = this.departed.note(present);
    for (const configuration of due) {
      const { name } = configuration.metadata;
      if (!term.isCurrent()) break;
      const body = { ...identity, ...configuration };
      await client.request({ method: 'POST', path, body, signal: term.signal, timeoutMs: term.timeLeftMs() });
      this.isAnswering = false;
      onUpdated();
      log.warn({ name }, 'made a webhook configuration again that was deleted; global.configValidation=false is how to be rid of it');
    }
    return Math.min(nextInMs, lookEveryMs);
  }

  private async update(wanted: WebhookConfiguration, term: LeaderTerm): Promise<void> {
    const { client, log, onUpdated } = this.options;
    const { name } = wanted.metadata;
    this.pauses.repaired(name);
    try {
      await client.request({
        method: 'PUT',
        path: `${path}/${name}`,
        body: { ...identity, ...wanted },
        signal: term.signal,
        timeoutMs: term.timeLeftMs(),
      });
      onUpdated();
      log.info({ name }, 'updated a webhook configuration');
    } catch (error) {
      // Whoever was faster may have done it, or the configuration is gone: the next look tells.
      if (!(error instanceof KubeApiError && (error.status === 409 || error.status === 404))) throw error;
    }
  }

  /** A dry run of an object that is wrong: only then may other objects depend on our answers. */
  private async refusesBadObjects({ signal }: LeaderTerm): Promise<boolean> {
    const { client, namespace, log } = this.options;
    const gateways = `/apis/networking.istio.io/v1/namespaces/${namespace}/gateways`;
    const body = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'Gateway',
      metadata: { name: 'invalid-gateway', namespace },
      spec: {},
    };
    try {
      await client.request({ method: 'POST', path: gateways, query: { dryRun: 'All' }, body, signal });
      log.debug('the API server does not ask the webhook yet');
    } catch (error) {
      if (error instanceof KubeApiError && error.message.includes('denied the request')) return true;
      log.debug({ error: String(error) }, 'the API server does not reach the webhook yet');
    }
    return false;
  }

  private async wait(waitMs: number, resourceVersion: string | undefined, labelSelector: string, signal: AbortSignal): Promise<void> {
    const { client, clock } = this.options;
    const watch = (until: AbortSignal) =>
      resourceVersion === undefined
        ? Promise.reject(new Error('not read'))
        : untilChanged(client, { path, resourceVersion, labelSelector }, until);
    const woken = new AbortController();
    this.wake = () => woken.abort();
    await untilChangedOr(waitMs, watch, { clock, signal: AbortSignal.any([signal, woken.signal]) });
    await delay(clock, pauseMs, signal);
  }
}

interface ConfigurationList {
  readonly metadata: { readonly resourceVersion: string };
  readonly items: readonly WebhookConfiguration[];
}

/** Istio's names; the label alone may stand on others too. */
function isOurs({ metadata }: WebhookConfiguration): boolean {
  return metadata.name.startsWith('istio-validator') || metadata.name === 'istiod-default-validator';
}
