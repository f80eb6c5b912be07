import type { HttpEndpoint } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import type { DebugContext } from './debug-context.ts';
import { goTime } from './go-time.ts';

/** `/debug/watchz`: how far each kind of the API server is read; ours, istiod has none. */
export function watchz({ watches }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/watchz',
    help: 'How the watches of the API server are: state, lag, errors',
    answer: (query) => jsonAnswer(watches().map(readable), query),
  };
}

function readable({ heardAt, lastError, ...status }: ReturnType<DebugContext['watches']>[number]): object {
  return {
    ...status,
    ...(heardAt === undefined ? {} : { heardAt: goTime(heardAt) }),
    ...(lastError === undefined ? {} : { lastError: { ...lastError, at: goTime(lastError.at) } }),
  };
}
