import type { FaultDelay as EnvoyFaultDelay } from '../../envoy/generated/envoy/extensions/filters/common/fault/v3/FaultDelay.ts';
import type { FaultAbort as EnvoyFaultAbort } from '../../envoy/generated/envoy/extensions/filters/http/fault/v3/FaultAbort.ts';
import type { HTTPFault } from '../../envoy/generated/envoy/extensions/filters/http/fault/v3/HTTPFault.ts';
import { parseDuration } from '../../lib/duration.ts';
import type { FaultAbort, FaultDelay, HttpFault } from '../../schema/virtual-service/http-fault.ts';
import { perHundred, perMillion } from './fractional-percent.ts';

export const faultFilterName = 'envoy.filters.http.fault';

/** Numbers are the codes of gRPC. */
const grpcStatuses: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

/** The fault filter's settings for one route. Undefined where nothing is left that Envoy can inject. */
export function buildFault(fault: HttpFault): ({ '@type': string } & HTTPFault) | undefined {
  const delay = fault.delay && buildDelay(fault.delay);
  const abort = fault.abort && buildAbort(fault.abort);
  if (delay === undefined && abort === undefined) return undefined;
  return {
    '@type': 'type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault',
    ...(delay && { delay }),
    ...(abort && { abort }),
  };
}

function buildDelay(delay: FaultDelay): EnvoyFaultDelay | undefined {
  const fixed = delay.fixedDelay === undefined ? undefined : parseDuration(delay.fixedDelay);
  if (fixed === undefined) return undefined;
  return { fixed_delay: fixed, percentage: delay.percentage ? perMillion(delay.percentage) : perHundred(delay.percent ?? 0) };
}

/** `http2Error` was never supported: such an abort is left out. */
function buildAbort(abort: FaultAbort): EnvoyFaultAbort | undefined {
  const percentage = abort.percentage && { percentage: perMillion(abort.percentage) };
  if (abort.httpStatus !== undefined) return { http_status: abort.httpStatus, ...percentage };
  const status = grpcStatuses.indexOf(abort.grpcStatus ?? '');
  return status < 0 ? undefined : { grpc_status: status, ...percentage };
}
