import { KubeApiError } from './kube-api-error.ts';
import type { KubeClient, KubeRequest } from './kube-client.ts';
import type { RequestGate } from './list-watch/request-gate.ts';

/** Leases: a leader that waited here would lose its own. */
const urgentGroup = '/apis/coordination.k8s.io/';

/**
 * A client that keeps to the pauses that the API server asks for, and tells the gate of those that it is asked for itself. Reads wait; a
 * write is refused at once as the server would refuse it, since whoever began it may no longer be allowed to when the pause is over.
 */
export function gatedClient(client: KubeClient, gate: RequestGate): KubeClient {
  const pass = async <T>(request: KubeRequest, send: (request: KubeRequest) => Promise<T>): Promise<T> => {
    if (request.path.startsWith(urgentGroup)) return send(request);
    const pauseMs = gate.pauseMs();
    if (pauseMs > 0 && request.method !== 'GET')
      throw new KubeApiError(`${request.method} ${request.path}: the API server has asked for a pause`, {
        status: 429,
        reason: 'TooManyRequests',
        retryAfterMs: pauseMs,
      });
    await gate.open(request.signal ?? new AbortController().signal);
    try {
      return await send(request);
    } catch (error) {
      gate.heed(error);
      throw error;
    }
  };
  return {
    server: client.server,
    request: (request) => pass(request, (sent) => client.request(sent)),
    stream: (request) => pass(request, (sent) => client.stream(sent)),
  };
}
