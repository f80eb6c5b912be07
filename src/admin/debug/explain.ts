import { isProblem } from '../../explain/call.ts';
import { parseShellWords } from '../../explain/curl/shell-words.ts';
import { explain as explainRequest } from '../../explain/explain.ts';
import { formatExplanation } from '../../explain/print/format-explanation.ts';
import { plainStyle } from '../../explain/print/style.ts';
import { readCall } from '../../explain/read-call.ts';
import { type HttpAnswer, type HttpEndpoint, textAnswer } from '../http-endpoint.ts';
import { jsonAnswer } from '../json-answer.ts';
import type { DebugContext } from './debug-context.ts';

/** `/debug/explain`: where a request goes and why, as `coxswain explain` tells it. Problems with the question are answers too. */
export function explainPage({ explainable }: DebugContext): HttpEndpoint {
  return {
    path: '/debug/explain',
    help: "Where a request goes and why; ?from=NAMESPACE/NAME (or gateway=), &curl=curl -H 'a: b' http://HOST:PORT/PATH, &text",
    answer: (query) => answerTo(query, explainable()),
  };
}

function answerTo(query: URLSearchParams, world: Parameters<typeof explainRequest>[0]): HttpAnswer {
  const call = readCall(callFields(query));
  const from = fromOf(query);
  const answer = isProblem(call)
    ? call
    : isProblem(from)
      ? from
      : explainRequest(world, { from, call, followsToServer: query.get('inbound') !== 'false' });
  if (!query.has('text')) return jsonAnswer(answer, query);
  if (isProblem(answer)) return textAnswer(400, `${answer.problem}${answer.hint === undefined ? '' : `: ${answer.hint}`}\n`);
  return textAnswer(200, formatExplanation(answer, { style: plainStyle, all: query.has('all') }));
}

function fromOf(query: URLSearchParams) {
  const gateway = query.get('gateway');
  if (gateway !== null) return { kind: 'gateway', name: gateway } as const;
  const name = query.get('from');
  return name === null
    ? { problem: 'the query does not say who asks', hint: 'from=NAMESPACE/NAME or gateway=NAMESPACE/NAME' }
    : ({ kind: 'workload', name } as const);
}

function callFields(query: URLSearchParams) {
  const texts = ['method', 'host', 'path', 'port', 'protocol', 'sni', 'address'] as const;
  const curl = query.get('curl');
  const words = curl === null ? query.getAll('word') : parseShellWords(curl);
  return {
    ...Object.fromEntries(texts.flatMap((name) => (query.has(name) ? [[name, query.get(name) ?? '']] : []))),
    ...(words.length > 0 && { words }),
    headers: query.getAll('header'),
    tls: query.get('tls') === 'true',
  };
}
