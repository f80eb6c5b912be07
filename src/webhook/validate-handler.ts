import type { Logger } from '../lib/log.ts';
import type { Issue } from '../model/issue.ts';
import { type AdmissionResource, admissionReviewBody } from './admission-review.ts';
import type { ReviewThread } from './review-thread.ts';
import { type Verdict, warningText } from './validate-review.ts';
import type { WebhookAnswer, WebhookHandler } from './webhook-server.ts';

export interface ValidateHandlerOptions {
  readonly thread: Pick<ReviewThread, 'judge'>;
  /** What else is to be said of a good object of that kind, such as that it changes nothing. */
  readonly remarks: (kind: string) => readonly Issue[];
  readonly log: Logger;
  readonly onPassed: (resource: AdmissionResource) => void;
  readonly onFailed: (resource: AdmissionResource, reason: string) => void;
}

/** `/validate`: refuses objects that would not be put into force. It only looks; a dry run is like any other request. */
export function validateHandler(options: ValidateHandlerOptions): WebhookHandler {
  return {
    path: '/validate',
    async answer(body) {
      const verdict = await options.thread.judge(body);
      return verdict === undefined
        ? { status: 429, body: 'too many large objects are being validated; try again\n' }
        : answer(options, verdict);
    },
  };
}

function answer(options: ValidateHandlerOptions, { answer: decided, message, resource, kind }: Verdict): WebhookAnswer {
  const { remarks, log, onPassed, onFailed } = options;
  if (decided === undefined || resource === undefined) return { status: 400, body: `${message}\n` };
  if (decided.allowed) onPassed(resource);
  else {
    onFailed(resource, 'invalid_resource');
    log.info({ resource, message: decided.message }, 'refused an object');
  }
  const more = kind === undefined || !decided.allowed ? [] : remarks(kind).map(warningText);
  return { status: 200, body: admissionReviewBody({ ...decided, warnings: [...(decided.warnings ?? []), ...more] }) };
}
