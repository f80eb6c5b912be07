import type { Answered, HeaderChange } from '../outcome.ts';

type Reply = Omit<Answered, 'kind'>;

/** The same with what routes do to its headers. */
export function withHeaderChanges(answered: Answered, changes: readonly HeaderChange[]): Answered {
  return { ...answered, responseHeaderChanges: changes };
}

/** What the proxy answers by itself. To gRPC that is always status 200, with a status of gRPC in it (Envoy `sendLocalReply`). */
export function localReply(isGrpc: boolean, reply: Reply): Answered {
  if (!isGrpc) return { kind: 'answered', ...reply };
  return { kind: 'answered', ...reply, status: 200, grpcStatus: reply.grpcStatus ?? grpcStatusOf(reply.status) };
}

const grpcStatuses: Readonly<Record<number, number>> = { 400: 13, 401: 16, 403: 7, 404: 12, 429: 14, 502: 14, 503: 14, 504: 14 };
function grpcStatusOf(status: number): number {
  return grpcStatuses[status] ?? 2;
}
