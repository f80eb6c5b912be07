import { type IncomingMessage, request } from 'node:http';
import { expect, it, onTestFinished, vi } from 'vitest';
import { createLogger } from '../lib/log.ts';
import { type HttpEndpoint, textAnswer } from './http-endpoint.ts';
import { serveHttp } from './http-server.ts';
import { jsonAnswer } from './json-answer.ts';
import { LazyArray } from './json-chunks.ts';

async function serveTest(
  answers: Readonly<Record<string, HttpEndpoint['answer']>>,
): Promise<{ readonly url: string; readonly lines: string[] }> {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const lines: string[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(line) } });
  const endpoints = Object.entries(answers).map(([path, answer]) => ({ path, help: '', answer }));
  return { url: `http://${await serveHttp({ address: '127.0.0.1:0', endpoints, log }, stop.signal)}`, lines };
}

it('finds the endpoint by path, with or without a slash at the end, and hands it the query', async () => {
  const { url } = await serveTest({ '/debug/a': (query) => jsonAnswer({ said: query.get('x') }, query) });
  expect(await (await fetch(`${url}/debug/a?x=1&y`)).json()).toEqual({ said: '1' });
  expect((await fetch(`${url}/debug/a/?pretty`)).status).toBe(200);
  expect((await fetch(`${url}/debug/a`, { method: 'HEAD' })).headers.get('content-type')).toBe('application/json');
});

it('answers 404 for what it does not have and 405 for what is no reading', async () => {
  const { url } = await serveTest({ '/ready': () => textAnswer(200, '') });
  expect((await fetch(`${url}/nope`)).status).toBe(404);
  expect((await fetch(`${url}/ready`, { method: 'POST', body: 'x' })).status).toBe(405);
});

it('answers 500 and logs where an endpoint throws, and breaks off where it throws half way', async () => {
  const { url, lines } = await serveTest({
    '/throws': () => {
      throw new Error('a bug of ours');
    },
    '/breaks': (query) => jsonAnswer(new LazyArray(failing()), query),
  });
  const answer = await fetch(`${url}/throws`);
  expect(answer.status).toBe(500);
  expect(await answer.text()).not.toContain('a bug of ours');
  expect(lines.join('')).toContain('a bug of ours');
  await expect(fetch(`${url}/breaks`).then((broken) => broken.text())).rejects.toThrow();
  expect(lines.join('')).toContain('half way');
});

function* failing(): Generator<string> {
  yield 'x'.repeat(100_000);
  throw new Error('half way');
}

it('gives others their turn while it makes a large page', async () => {
  const { url } = await serveTest({ '/large': (query) => jsonAnswer(new LazyArray(slowItems(60)), query) });
  let turns = 0;
  const count = () => {
    turns++;
    timer = setImmediate(count);
  };
  let timer = setImmediate(count);
  onTestFinished(() => clearImmediate(timer));
  const page = (await (await fetch(`${url}/large`)).json()) as unknown[];
  expect(page).toHaveLength(60);
  expect(turns).toBeGreaterThan(10);
});

/** Each item takes 2 ms of computing. */
function* slowItems(count: number): Generator<number> {
  for (let i = 0; i < count; i++) {
    for (const end = performance.now() + 2; performance.now() < end; );
    yield i;
  }
}

it('stops making a page that nobody reads any more', async () => {
  let isOver = false;
  function* endless(): Generator<string> {
    try {
      for (;;) yield 'x'.repeat(1000);
    } finally {
      isOver = true;
    }
  }
  const { url } = await serveTest({ '/endless': (query) => jsonAnswer(new LazyArray(endless()), query) });
  const reading = request(`${url}/endless`);
  const response = await new Promise<IncomingMessage>((resolve) => reading.once('response', resolve).end());
  response.once('error', () => undefined);
  response.destroy();
  await vi.waitFor(() => expect(isOver).toBe(true));
});
