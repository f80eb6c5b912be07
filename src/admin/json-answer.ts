import type { HttpAnswer } from './http-endpoint.ts';
import { jsonChunks } from './json-chunks.ts';

/** A value, lazy parts and all, as JSON; `?pretty` indents it as Istio does. */
export function jsonAnswer(value: unknown, query: URLSearchParams): HttpAnswer {
  return { status: 200, contentType: 'application/json', body: jsonChunks(value, query.has('pretty') ? '    ' : '') };
}
