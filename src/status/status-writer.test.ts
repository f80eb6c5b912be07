import { describe, expect, it } from 'vitest';
import { MemoryKube, type StoredObject } from '../../test/harness/memory-kube.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import type { LeaderTerm } from '../kubernetes/leader-term.ts';
import { FakeClock } from '../lib/fake-clock.ts';
import { silentLogger } from '../lib/log.ts';
import type { Issue } from '../model/issue.ts';
import { type Condition, conditionOf } from './condition.ts';
import { FactBoard } from './fact-board.ts';
import type { ObjectStatus } from './next-status.ts';
import type { Refusal } from './object-facts.ts';
import { writeStatuses } from './write-statuses.ts';

const ref = { kind: 'VirtualService', namespace: 'shop', name: 'a' };
const path = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices/a';
const issue: Issue = { code: 'IST0106', severity: 'error', message: 'is wrong', path: ['spec', 'hosts'], object: ref };
const refusal: Refusal = { message: 'bad regex', suspects: [{ ref, path: ['spec', 'http', 0] }], proxies: ['p.shop'], count: 1 };

function world({ withAnalysis = false, isMine = (revision: string): boolean => revision === '' } = {}) {
  const kube = new MemoryKube();
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const end = new AbortController();
  let isCurrent = true;
  let issues: readonly Issue[] = [];
  let refusals: readonly Refusal[] = [];
  const board = new FactBoard({ issues: () => issues, refusals: () => refusals, hasStatus: ({ kind }) => kind === 'VirtualService' });
  const term: LeaderTerm = { signal: end.signal, isCurrent: () => isCurrent && !end.signal.aborted, timeLeftMs: () => 10_000 };
  const outcomes: string[] = [];
  const ended = writeStatuses(
    {
      client: kube,
      board,
      isMine,
      withAnalysis,
      clock,
      random: () => 0.5,
      log: silentLogger,
      onWritten: (outcome) => outcomes.push(outcome),
    },
    term,
  );
  const say = async (what: { issues?: readonly Issue[]; refusals?: readonly Refusal[] }) => {
    issues = what.issues ?? issues;
    refusals = what.refusals ?? refusals;
    board.refresh();
    await pass(clock, 0);
  };
  const install = (more: object = {}) => kube.put(path, { metadata: {}, spec: { hosts: [] }, ...more });
  const status = () => (kube.get(path) as StoredObject & { status?: ObjectStatus }).status;
  const programmed = (): Condition | undefined => conditionOf(status()?.conditions ?? [], 'Programmed');
  return { kube, clock, end, ended, say, install, status, programmed, outcomes, lose: () => (isCurrent = false) };
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 500) {
    await clock.advanceAsync(passed === 0 ? 0 : 500);
    for (let turn = 0; turn < 8; turn++) await clock.advanceAsync(0);
  }
}

describe('statuses', () => {
  it('say that an object is invalid, and that it is in force again', async () => {
    const { say, install, programmed, clock, kube } = world();
    install();
    await say({ issues: [issue] });
    expect(programmed()).toEqual({
      type: 'Programmed',
      status: 'False',
      reason: 'Invalid',
      message: 'spec.hosts: is wrong [IST0106]',
      lastTransitionTime: '2026-01-01T00:00:00Z',
      observedGeneration: 1,
    });
    await pass(clock, 5000);
    await say({ issues: [] });
    expect(programmed()).toMatchObject({ status: 'True', reason: 'Programmed', lastTransitionTime: '2026-01-01T00:00:05Z' });
    expect(kube.writes()).toEqual([`PATCH ${path}/status`, `PATCH ${path}/status`]);
  });

  it('say what proxies refuse, and whom one may blame', async () => {
    const { say, install, programmed } = world();
    install();
    await say({ refusals: [refusal] });
    expect(programmed()).toMatchObject({ status: 'False', message: 'spec.http[0]: bad regex; refused by 1 proxy: p.shop' });
    const other = { ref: { ...ref, name: 'b' }, path: [] };
    await say({ refusals: [{ ...refusal, suspects: [{ ref, path: [] }, other], count: 12 }] });
    expect(programmed()).toMatchObject({
      status: 'Unknown',
      message: 'bad regex; refused by 12 proxies: p.shop, ...; it comes of one of VirtualService/shop/a, VirtualService/shop/b',
    });
  });

  it('of objects of which there is nothing to say are not written, nor are equal ones', async () => {
    const { say, install, kube, clock } = world();
    install();
    const warning: Issue = { ...issue, severity: 'warning' };
    await say({ issues: [warning] });
    expect(kube.writes()).toEqual([]);
    await say({ issues: [issue] });
    for (const issues of [[issue, warning], [issue], [{ ...issue }]]) await say({ issues });
    await pass(clock, 600_000);
    expect(kube.writes()).toHaveLength(1);
  });

  it('keep what others wrote there', async () => {
    const { say, install, status } = world();
    const healthy = { type: 'Healthy', status: 'True' };
    install({ status: { conditions: [healthy], addresses: ['1.2.3.4'] } });
    await say({ issues: [issue] });
    expect(status()).toMatchObject({ conditions: [healthy, { type: 'Programmed' }], addresses: ['1.2.3.4'] });
  });

  it('F59 that the API server prunes are not written over and over', async () => {
    const { say, install, kube, clock } = world();
    install();
    const request = kube.request.bind(kube);
    kube.request = async (asked) => {
      const answer = (await request(asked)) as StoredObject & { status?: { conditions?: { observedGeneration?: number }[] } };
      for (const condition of (kube.objects.get(path) as typeof answer).status?.conditions ?? []) delete condition.observedGeneration;
      for (const condition of answer.status?.conditions ?? []) delete condition.observedGeneration;
      return answer;
    };
    for (let i = 0; i < 5; i++) await say({ issues: i % 2 === 0 ? [issue] : [issue, { ...issue, severity: 'warning', message: `${i}` }] });
    await pass(clock, 120_000);
    expect(kube.writes()).toHaveLength(1);
  });

  it('are as istiod writes them where analysis is asked for', async () => {
    const { say, install, status } = world({ withAnalysis: true });
    install();
    await say({ issues: [{ ...issue, severity: 'warning' }] });
    expect(status()).toMatchObject({
      conditions: [{ type: 'Reconciled', status: 'True', reason: 'Reconciled' }],
      validationMessages: [{ type: { code: 'IST0106' }, level: 'WARNING' }],
      observedGeneration: 1,
    });
    await say({ issues: [] });
    expect(status()).toMatchObject({ validationMessages: [] });
  });

  it('F17 of objects of another revision are left to others', async () => {
    const { say, install, kube } = world({ isMine: (revision) => revision === 'canary' });
    install();
    await say({ issues: [issue] });
    expect(kube.writes()).toEqual([]);
    install({ metadata: { labels: { 'istio.io/rev': 'canary' } } });
    await say({ issues: [{ ...issue, message: 'is very wrong' }] });
    expect(kube.writes()).toHaveLength(1);
  });

  it('F16 are not written by whoever leads no longer, and do not overwrite what came between', async () => {
    const { say, install, kube, lose, clock } = world();
    install();
    kube.before = ({ method }) => (method === 'GET' ? lose() && undefined : undefined) as undefined;
    await say({ issues: [issue] });
    await pass(clock, 60_000);
    expect(kube.writes()).toEqual([]);
  });

  it('are tried again after a conflict, and given up where the object is gone or others never stop', async () => {
    const { say, install, kube, clock, outcomes, programmed } = world();
    install();
    let conflicts = 2;
    kube.before = ({ method }) => {
      if (method === 'PATCH' && conflicts-- > 0) throw new KubeApiError('changed', { status: 409 });
    };
    await say({ issues: [issue] });
    await pass(clock, 10_000);
    expect([outcomes, programmed()?.status]).toEqual([['failed', 'failed', 'written'], 'False']);
    conflicts = 1000;
    await say({ issues: [] });
    await pass(clock, 3_600_000);
    expect(1000 - conflicts).toBe(6);
    kube.objects.delete(path);
    kube.requests.length = 0;
    await say({ issues: [issue] });
    await pass(clock, 3_600_000);
    expect(kube.requests).toHaveLength(1);
  });

  it('that may not be written are asked for once in five minutes', async () => {
    const { say, install, kube, clock } = world();
    install();
    kube.before = ({ method }) => {
      if (method === 'PATCH') throw new KubeApiError('no', { status: 403 });
    };
    await say({ issues: [issue] });
    await pass(clock, 3_600_000);
    expect(kube.writes().length).toBeLessThanOrEqual(13);
  });

  it('of many objects are written ten in a second', async () => {
    const { say, kube, clock } = world();
    const many = Array.from({ length: 500 }, (_, i) => ({ ...ref, name: `v${i}` }));
    for (const { name } of many) kube.put(path.replace(/a$/, name), { metadata: {}, spec: {} });
    await say({ issues: many.map((object) => ({ ...issue, object })) });
    await pass(clock, 10_000);
    expect(kube.writes().length).toBeGreaterThan(100);
    expect(kube.writes().length).toBeLessThanOrEqual(125);
  });

  it('that an earlier leader left behind are taken back after a while', async () => {
    const { install, clock, programmed, kube } = world();
    const condition = {
      type: 'Programmed',
      status: 'False',
      reason: 'Invalid',
      message: 'was wrong',
      lastTransitionTime: '2025-01-01T00:00:00Z',
    };
    install({ metadata: { namespace: 'shop' }, status: { conditions: [condition] } });
    kube.before = ({ path: asked }) => {
      if (asked.includes('/security.istio.io/')) throw new KubeApiError('no such kind', { status: 404 });
    };
    await pass(clock, 59_000);
    expect(programmed()?.status).toBe('False');
    await pass(clock, 2000);
    expect(programmed()).toMatchObject({ status: 'True' });
  });

  it('end with the term', async () => {
    const { end, ended, clock } = world();
    end.abort();
    await pass(clock, 0);
    await ended;
  });
});
