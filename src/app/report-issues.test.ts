import { expect, it } from 'vitest';
import { Engine } from '../incremental/engine.ts';
import { createLogger } from '../lib/log.ts';
import type { Issue } from '../model/issue.ts';
import { reportIssues } from './report-issues.ts';

const object = { kind: 'VirtualService', namespace: 'shop', name: 'web' };
const position = (line: number) => ({ file: 'a.yaml', line, column: 3 });
const wrong: Issue = { code: 'IST0101', severity: 'error', message: 'wrong', object, position: position(4) };
const odd: Issue = { code: 'CXS0001', severity: 'warning', message: 'odd', object, position: position(5) };

const nextTurn = () => new Promise((resolve) => setImmediate(resolve));

function start(first: readonly Issue[]) {
  const engine = new Engine();
  const issues = engine.input(first);
  const lines: { level: string; msg: string }[] = [];
  const log = createLogger({ level: 'info', destination: { write: (line) => lines.push(JSON.parse(line) as never) } });
  const seen: Issue[] = [];
  const stop = new AbortController();
  reportIssues({ engine, issues, log, onNew: (issue) => seen.push(issue) }, stop.signal);
  const taken = () => lines.splice(0).map(({ level, msg }) => `${level} ${msg}`);
  return { issues, seen, stop, taken };
}

it('logs what is there at the start, then each difference once', async () => {
  const { issues, seen, taken } = start([wrong]);
  expect(taken()).toEqual(['error a.yaml:4:3: error IST0101 VirtualService/shop/web wrong']);
  issues.set([wrong, odd]);
  await nextTurn();
  expect(taken()).toEqual(['warn a.yaml:5:3: warning CXS0001 VirtualService/shop/web odd']);
  issues.set([odd]);
  await nextTurn();
  expect(taken()).toEqual(['info solved: a.yaml:4:3: error IST0101 VirtualService/shop/web wrong']);
  issues.set([wrong]);
  await nextTurn();
  expect(taken()).toHaveLength(2);
  expect(seen).toEqual([wrong, odd, wrong]);
});

it('says nothing about an issue that only moved, nor about changes that cancel out', async () => {
  const { issues, taken } = start([wrong]);
  taken();
  issues.set([{ ...wrong, position: position(40) }]);
  await nextTurn();
  issues.set([]);
  issues.set([wrong]);
  await nextTurn();
  expect(taken()).toEqual([]);
});

it('keeps remarks out of the log', async () => {
  const { issues, seen, taken } = start([]);
  const remark: Issue = { code: 'CXS0109', severity: 'info', message: 'the file holds no document' };
  issues.set([remark]);
  await nextTurn();
  issues.set([]);
  await nextTurn();
  expect(taken()).toEqual([]);
  expect(seen).toEqual([remark]);
});

it('is silent after the end', async () => {
  const { issues, stop, taken } = start([]);
  issues.set([wrong]);
  stop.abort();
  await nextTurn();
  issues.set([odd]);
  await nextTurn();
  expect(taken()).toEqual([]);
});
