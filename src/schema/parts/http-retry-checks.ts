/** Rules on retries (VirtualService, MeshConfig), after Istio's ValidateHTTPRetry. */

import type { Path } from '../field/parse-context.ts';
import type { Report } from '../report.ts';
import type { HttpRetry } from './http-retry.ts';

/** Envoy's x-envoy-retry-on and x-envoy-retry-grpc-on policies. */
const retryOnPolicies: readonly string[] = [
  '5xx',
  'gateway-error',
  'reset',
  'reset-before-request',
  'connect-failure',
  'retriable-4xx',
  'refused-stream',
  'retriable-status-codes',
  'retriable-headers',
  'envoy-ratelimited',
  'http3-post-connect-failure',
  'cancelled',
  'deadline-exceeded',
  'internal',
  'resource-exhausted',
  'unavailable',
];

/** HTTP statuses with a name in Go's net/http. */
function isNamedStatus(text: string): boolean {
  if (!/^\d{3}$/.test(text)) return false;
  const n = Number(text);
  const inOrder = [
    [100, 103],
    [200, 208],
    [300, 305],
    [307, 308],
    [400, 418],
    [421, 426],
    [428, 429],
    [500, 508],
    [510, 511],
  ];
  return inOrder.some(([low, high]) => n >= low! && n <= high!) || n === 226 || n === 431 || n === 451;
}

export function checkRetry(retry: HttpRetry | undefined, path: Path, report: Report): void {
  if (!retry) return;
  const { attempts = 0, perTryTimeout, retryOn, retryRemoteLocalities } = retry;
  if (attempts < 0) report.error([...path, 'attempts'], 'must not be negative');
  if (attempts === 0 && (perTryTimeout !== undefined || retryOn || retryRemoteLocalities !== undefined)) {
    report.error(path, 'has settings although 0 attempts disable retries');
  }
  for (const policy of retryOn ? retryOn.split(',') : []) {
    if (!retryOnPolicies.includes(policy) && !isNamedStatus(policy))
      report.error([...path, 'retryOn'], `has an unknown policy "${policy}"`);
  }
}
