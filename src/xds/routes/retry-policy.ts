import type { RetryPolicy } from '../../envoy/generated/envoy/config/route/v3/RetryPolicy.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { HttpRetry } from '../../schema/parts/http-retry.ts';
import { httpStatusCodes } from './http-status-codes.ts';

const outboundRetryOn = 'connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes';

/** A request that was reset before it reached the application was not processed: safe to repeat, whatever its method. */
const inboundRetryOn = 'reset-before-request';

const previousHosts = {
  name: 'envoy.retry_host_predicates.previous_hosts',
  typed_config: { '@type': 'type.googleapis.com/envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate' },
};

const previousPriorities = {
  name: 'envoy.retry_priorities.previous_priorities',
  typed_config: {
    '@type': 'type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig',
    update_frequency: 2,
  },
};

/**
 * Retries of an outbound route: the rule's, else the mesh's, else Istio's default of 2. Zero attempts turn them off
 * (undefined). With consistent hashing a retry stays on the host that the hash names.
 */
export function buildRetryPolicy(retries: HttpRetry | undefined, consistentHash: boolean): RetryPolicy | undefined {
  const attempts = retries === undefined ? 2 : (retries.attempts ?? 0);
  if (attempts <= 0) return undefined;
  const elsewhere = retries?.retryIgnorePreviousHosts ?? !consistentHash;
  const perTryTimeout = retries?.perTryTimeout === undefined ? undefined : parseDuration(retries.perTryTimeout);
  return {
    ...retryConditions(retries, outboundRetryOn),
    num_retries: { value: attempts },
    host_selection_retry_max_attempts: '5',
    ...(elsewhere && { retry_host_predicate: [previousHosts] }),
    ...(retries?.retryRemoteLocalities === true && { retry_priority: previousPriorities }),
    ...(perTryTimeout !== undefined && { per_try_timeout: perTryTimeout }),
    ...backOff(retries),
  };
}

/** Retries towards the local application: there is one host only, so nothing about hosts or tries is said. */
export function buildInboundRetryPolicy(retries: HttpRetry | undefined): RetryPolicy | undefined {
  const attempts = retries === undefined ? 2 : (retries.attempts ?? 0);
  if (attempts <= 0) return undefined;
  return { ...retryConditions(retries, inboundRetryOn), num_retries: { value: attempts }, ...backOff(retries) };
}

function backOff(retries: HttpRetry | undefined): Pick<RetryPolicy, 'retry_back_off'> {
  const base = retries?.backoff === undefined ? undefined : parseDuration(retries.backoff);
  return base === undefined ? {} : { retry_back_off: { base_interval: base } };
}

/** Numbers among the conditions are status codes, which Envoy wants in a list of their own. */
function retryConditions(retries: HttpRetry | undefined, fallback: string): Pick<RetryPolicy, 'retry_on' | 'retriable_status_codes'> {
  if (retries?.retryOn === undefined || retries.retryOn === '') return { retry_on: fallback };
  const codes: number[] = [];
  const conditions: string[] = [];
  for (const part of retries.retryOn.split(',').map((text) => text.trim())) {
    if (/^\d+$/.test(part) && httpStatusCodes.has(Number(part))) codes.push(Number(part));
    else if (part !== '') conditions.push(part);
  }
  if (codes.length > 0 && !conditions.join(',').includes('retriable-status-codes')) conditions.push('retriable-status-codes');
  return { retry_on: conditions.join(','), ...(codes.length > 0 && { retriable_status_codes: codes }) };
}
