import { type HttpEndpoint, textAnswer } from './http-endpoint.ts';

/** `/ready`: 200 once everything is synced, for Kubernetes' readiness probe. */
export function readyPage(isReady: () => boolean): HttpEndpoint {
  return {
    path: '/ready',
    help: 'Whether everything is synced',
    answer: () => (isReady() ? textAnswer(200, '') : textAnswer(503, 'not everything is synced yet\n')),
  };
}
