import type { HTTPFault } from '../../envoy/generated/envoy/extensions/filters/http/fault/v3/HTTPFault.ts';
import { messageOf } from '../any-message.ts';
import { chanceOf, percentText } from '../chance.ts';
import { durationMs } from '../duration-ms.ts';
import { type HttpRequest, headerValue, isGrpc } from '../http/http-request.ts';
import { localReply } from '../http/local-reply.ts';
import { headerCondition } from '../routes/header-condition.ts';
import { allOf, isDoubt, type Maybe } from '../three-valued.ts';
import type { FilterEvaluator, FilterInput, FilterResult } from './http-filter.ts';

const type = 'envoy.extensions.filters.http.fault.v3.HTTPFault';

/** Delays and aborts, as often as they are said to happen. What a route says goes instead of the filter's own settings. */
export const faultFilter: FilterEvaluator = {
  types: [type],
  evaluate: (input) => {
    const fault = messageOf<HTTPFault>(input.perRoute, type) ?? messageOf<HTTPFault>(input.config, type);
    const isMeant = fault !== undefined && concerns(fault, input);
    if (isDoubt(isMeant)) return { why: 'whether it concerns the request nobody can say', unknown: isMeant.doubt };
    return fault !== undefined && isMeant ? injected(fault, input) : {};
  },
};

function concerns({ headers = [], upstream_cluster, downstream_nodes = [] }: HTTPFault, { exchange, decision }: FilterInput): Maybe {
  const { http } = exchange;
  const cluster = decision.kind === 'route' ? (decision.weighted?.name ?? decision.compiled.route.route?.cluster) : undefined;
  if (upstream_cluster && cluster !== upstream_cluster) return false;
  const node = headerValue(http, 'x-envoy-downstream-service-node');
  if (downstream_nodes.length > 0 && (node === undefined || !downstream_nodes.includes(node))) return false;
  return allOf(headers.map((header) => () => headerCondition(header).holds(http)));
}

function injected(fault: HTTPFault, { exchange, at }: FilterInput): FilterResult {
  const notes: string[] = [];
  const { delay, abort } = fault;
  const delayed = chanceOf(delay?.percentage);
  if (delay?.fixed_delay && delayed > 0) notes.push(`${percentText(delayed)} wait for ${durationMs(delay.fixed_delay) / 1000} s first`);
  const probability = chanceOf(abort?.percentage);
  const reason = abort ? abortOf(abort, exchange.http) : undefined;
  if (reason === undefined || probability === 0) return notes.length === 0 ? {} : { why: 'faults are injected', notes };
  const because = `${percentText(probability)} are aborted`;
  const reply = { by: 'abort', body: 'fault filter abort', at, ...reason } as const;
  return { why: because, notes, answer: { probability, because, answered: localReply(isGrpc(exchange.http), reply) } };
}

type Abort = NonNullable<HTTPFault['abort']>;

/** Undefined: the request does not say which abort it wants, where it is the one to say. */
function abortOf(
  { http_status, grpc_status, header_abort }: Abort,
  http: HttpRequest,
): { readonly status: number; readonly grpcStatus?: number } | undefined {
  if (http_status) return { status: http_status };
  // Whoever does not speak gRPC is told that all is well.
  if (grpc_status !== undefined) return isGrpc(http) ? { status: 200, grpcStatus: grpc_status } : { status: 200 };
  if (!header_abort) return undefined;
  const status = Number(headerValue(http, 'x-envoy-fault-abort-request') ?? 0);
  return status >= 200 && status < 600 ? { status } : undefined;
}
