import type { CorsPolicy as EnvoyCorsPolicy } from '../../envoy/generated/envoy/extensions/filters/http/cors/v3/CorsPolicy.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { CorsPolicy } from '../../schema/virtual-service/http-actions.ts';
import { perHundred } from './fractional-percent.ts';
import { buildStringMatcher } from './string-matcher.ts';

export const corsFilterName = 'envoy.filters.http.cors';

/** The CORS filter's settings for one route (Istio `TranslateCORSPolicy`). Preflights that match nothing are passed on unless the user says IGNORE. */
export function buildCors(policy: CorsPolicy): { '@type': string } & EnvoyCorsPolicy {
  const origins =
    policy.allowOrigins?.flatMap((match) => buildStringMatcher(match) ?? []) ?? policy.allowOrigin?.map((exact) => ({ exact })) ?? [];
  const maxAge = policy.maxAge === undefined ? undefined : parseDuration(policy.maxAge);
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.cors.v3.CorsPolicy',
    ...(origins.length > 0 && { allow_origin_string_match: origins }),
    ...joined('allow_methods', policy.allowMethods),
    ...joined('allow_headers', policy.allowHeaders),
    ...joined('expose_headers', policy.exposeHeaders),
    ...(maxAge !== undefined && { max_age: maxAge.seconds }),
    ...(policy.allowCredentials !== undefined && { allow_credentials: { value: policy.allowCredentials } }),
    filter_enabled: { default_value: perHundred(100) },
    forward_not_matching_preflights: { value: policy.unmatchedPreflights !== 'IGNORE' },
  };
}

function joined(key: 'allow_methods' | 'allow_headers' | 'expose_headers', values: readonly string[] | undefined): EnvoyCorsPolicy {
  return values === undefined || values.length === 0 ? {} : { [key]: values.join(',') };
}
