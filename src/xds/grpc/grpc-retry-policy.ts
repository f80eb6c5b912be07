import type { RetryPolicy } from '../../envoy/generated/envoy/config/route/v3/RetryPolicy.ts';

/** The conditions that gRPC knows (gRFC A44); it skips others. */
const conditions: ReadonlySet<string> = new Set(['cancelled', 'deadline-exceeded', 'internal', 'resource-exhausted', 'unavailable']);

/** What of a retry policy gRPC understands; undefined where no condition is left, which means no retries. */
export function grpcRetryPolicy(policy: RetryPolicy | undefined): RetryPolicy | undefined {
  const retryOn = (policy?.retry_on ?? '').split(',').filter((condition) => conditions.has(condition));
  if (policy === undefined || retryOn.length === 0) return undefined;
  const base = policy.retry_back_off?.base_interval;
  const hasBackOff = base !== undefined && base !== null && (Number(base.seconds) > 0 || (base.nanos ?? 0) > 0);
  return {
    retry_on: retryOn.join(','),
    ...(policy.num_retries && { num_retries: policy.num_retries }),
    ...(hasBackOff && { retry_back_off: { base_interval: base } }),
  };
}
