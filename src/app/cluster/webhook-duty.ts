import { splitAddress } from '../../admin/http-server.ts';
import type { DutyMetrics } from '../../admin/metrics/duty-metrics.ts';
import type { KubeClient } from '../../kubernetes/kube-client.ts';
import type { LeaderTerm } from '../../kubernetes/leader-term.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Logger } from '../../lib/log.ts';
import { onAbort } from '../../lib/on-abort.ts';
import { retry } from '../../lib/retry.ts';
import { issueServerCertificate } from '../../webhook/certificate.ts';
import { ReviewThread } from '../../webhook/review-thread.ts';
import { loadSharedAuthority, type SharedAuthority } from '../../webhook/shared-authority.ts';
import { validateHandler } from '../../webhook/validate-handler.ts';
import { WebhookConfigurations } from '../../webhook/webhook-configurations.ts';
import { serveWebhook } from '../../webhook/webhook-server.ts';
import { remarksOf } from '../kinds-without-effect.ts';
import type { DutySettings } from './duty-settings.ts';

export interface WebhookDutyOptions {
  readonly address: string;
  readonly client: KubeClient;
  readonly settings: DutySettings;
  readonly metrics: DutyMetrics;
  readonly clock: Clock;
  readonly log: Logger;
}

/** The webhook of this replica, serving. */
export interface WebhookDuty {
  /** `HOST:PORT` that it listens on. */
  readonly address: string;
  /** Keeps the API server's configuration of the webhook; one replica of each revision does. */
  lead(term: LeaderTerm): Promise<void>;
}

const dayMs = 86_400_000;
const certificateMs = 90 * dayMs;

/** Serves `/validate` with a certificate of the authority that all replicas share, made anew every day by default, until the signal. */
export async function startWebhook(options: WebhookDutyOptions, signal: AbortSignal): Promise<WebhookDuty> {
  const { address, client, settings, metrics, clock, log } = options;
  const { namespace, revision } = settings;
  const thread = new ReviewThread(clock);
  let leading: LeaderTerm | undefined;
  const load = () => loadSharedAuthority({ client, namespace, nowMs: clock.now(), mayReplace: leading?.isCurrent() ?? false });
  let known = await retry(load, {
    clock,
    random: Math.random,
    signal,
    backoff: { baseMs: 500, maxMs: 30_000 },
    onRetry: (error) => log.warn({ error: String(error) }, 'the certificate authority of the webhook cannot be read or made yet'),
  });
  let signing = known;
  const server = await serveWebhook(
    {
      address: splitAddress(address),
      handlers: [
        validateHandler({
          thread,
          remarks: remarksOf,
          log,
          onPassed: (resource) => metrics.passed(resource),
          onFailed: (resource, reason) => metrics.failed(resource, reason),
        }),
      ],
      tls: certificateOf(signing, settings, clock),
      log,
      onHttpError: (status) => metrics.httpError(status),
    },
    signal,
  );
  const configurations = new WebhookConfigurations({
    client,
    namespace,
    revision,
    bundle: () => known.bundle,
    clock,
    log,
    onUpdated: () => metrics.configurationUpdated(),
    onFailed: (reason) => metrics.configurationFailed(reason),
  });
  const renew = async () => {
    if (signal.aborted) return;
    try {
      const current = await load();
      // A new authority signs two times later: by then the leaders of all revisions have seen it, and the API server trusts it.
      server.renew(certificateOf(signing, settings, clock));
      signing = known;
      known = current;
      configurations.look();
    } catch (error) {
      log.warn({ error: String(error) }, 'the certificate of the webhook could not be renewed; it is tried again later');
    }
    clock.setTimeout(() => void renew(), settings.renewalMs, { unref: true });
  };
  clock.setTimeout(() => void renew(), settings.renewalMs, { unref: true });
  onAbort(signal, () => thread.close());
  return {
    address: server.address,
    lead: (term) => {
      leading = term;
      return configurations.run(term);
    },
  };
}

/** For the names of the Service under which the API server finds us; Istio's, with and without revision. */
function certificateOf(authority: SharedAuthority, { namespace, revision }: DutySettings, clock: Clock) {
  const services = ['istiod', `istiod-${revision}`, 'istiod-remote', 'istio-pilot'];
  const names = services.flatMap((service) => [`${service}.${namespace}.svc`, `${service}.${namespace}.svc.cluster.local`]);
  return issueServerCertificate(authority, [...names, 'localhost'], { fromMs: clock.now() - dayMs, untilMs: clock.now() + certificateMs });
}
