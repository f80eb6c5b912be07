import type { IncomingMessage } from 'node:http';
import { KubeApiError } from './kube-api-error.ts';
import type { KubeRequest } from './kube-client.ts';

/** Of an answer that is an error more is not read: proxies on the way send whole pages. */
const maxErrorBytes = 64 * 1024;

export async function readText(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of answer as AsyncIterable<Buffer>) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}

/** An answer that is no success, as an error that says what was asked and what the server replied. */
export async function answerError(request: KubeRequest, answer: IncomingMessage): Promise<KubeApiError> {
  const status = answer.statusCode ?? 0;
  const text = await readBeginning(answer);
  const { message, reason, retryAfterSeconds } = statusObject(text);
  const said = message || text.slice(0, 200).trim() || (answer.statusMessage ?? '');
  const seconds = retryAfter(answer.headers['retry-after'], answer.headers.date) ?? retryAfterSeconds;
  return new KubeApiError(`${request.method} ${request.path}: ${status} ${said}`, {
    status,
    reason,
    retryAfterMs: seconds === undefined ? undefined : seconds * 1000,
  });
}

/** Of a `Status` object what is said in it; empty texts where it is none. */
export function statusFields(status: unknown): {
  readonly message: string;
  readonly reason: string;
  readonly code: number;
  readonly retryAfterSeconds: number | undefined;
} {
  const { message, reason, code, details } = (status ?? {}) as Readonly<Record<string, unknown>>;
  const { retryAfterSeconds } = (details ?? {}) as Readonly<Record<string, unknown>>;
  return {
    message: typeof message === 'string' ? message : '',
    reason: typeof reason === 'string' ? reason : '',
    code: typeof code === 'number' ? code : 0,
    retryAfterSeconds: typeof retryAfterSeconds === 'number' && retryAfterSeconds > 0 ? retryAfterSeconds : undefined,
  };
}

function statusObject(text: string): ReturnType<typeof statusFields> {
  try {
    return statusFields(JSON.parse(text));
  } catch {
    return statusFields(undefined);
  }
}

/** Seconds, stated as such or as a date; both are allowed. */
function retryAfter(header: string | undefined, date: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d+$/.test(header)) return Number(header);
  const seconds = (Date.parse(header) - (date === undefined ? Number.NaN : Date.parse(date))) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
}

async function readBeginning(answer: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of answer as AsyncIterable<Buffer>) {
      parts.push(part);
      size += part.length;
      if (size >= maxErrorBytes) break;
    }
  } catch {
    // What was read before the connection broke must do.
  }
  return Buffer.concat(parts).toString('utf8');
}
