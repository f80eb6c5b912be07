import { describe, expect, it } from 'vitest';
import { MemoryKube } from '../../test/harness/memory-kube.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import { endlessTerm } from '../kubernetes/leader-term.ts';
import { FakeClock } from '../lib/fake-clock.ts';
import { silentLogger } from '../lib/log.ts';
import type { Refusal } from './object-facts.ts';
import { readReports } from './read-reports.ts';
import { mergeRefusals, RefusalReport } from './refusal-report.ts';

const root = '/api/v1/namespaces/istio-system/configmaps';
const suspect = { ref: { kind: 'VirtualService', namespace: 'shop', name: 'a' }, path: ['spec', 'http', 0] };
const refusal: Refusal = { message: 'bad', suspects: [suspect], proxies: ['p.shop'], count: 1 };

function world() {
  const kube = new MemoryKube();
  const clock = new FakeClock(1_000_000);
  const end = new AbortController();
  const said = new Map<string, readonly Refusal[]>();
  const common = { client: kube, namespace: 'istio-system', clock, log: silentLogger };
  const reports = new Map<string, RefusalReport>();
  const start = (replica: string) => {
    const report = new RefusalReport({ ...common, replica, refusals: () => said.get(replica) ?? [] });
    reports.set(replica, report);
    void report.run(end.signal);
  };
  const say = (replica: string, refusals: readonly Refusal[]) => {
    said.set(replica, refusals);
    reports.get(replica)?.changed();
  };
  let read: readonly (readonly Refusal[])[] = [];
  const follow = (replica: string) =>
    void readReports(
      { ...common, replica, monotonic: () => clock.now(), onRead: (refusals) => (read = refusals) },
      endlessTerm(end.signal),
    );
  const put = (name: string, data: Readonly<Record<string, string>>) => kube.put(`${root}/${name}`, { metadata: {}, data });
  return { kube, clock, start, say, follow, put, read: () => read };
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 500) {
    await clock.advanceAsync(passed === 0 ? 0 : 500);
    for (let turn = 0; turn < 6; turn++) await clock.advanceAsync(0);
  }
}

describe('reports of what proxies refuse', () => {
  it('reach the leader, and are gone when nothing is refused any more', async () => {
    const { kube, clock, start, say, follow, read } = world();
    start('follower');
    follow('leader');
    await pass(clock, 0);
    say('follower', [refusal]);
    await pass(clock, 10_000);
    expect(read()).toEqual([[refusal]]);
    say('follower', []);
    await pass(clock, 10_000);
    expect([read(), kube.objects.size]).toEqual([[], 0]);
  });

  it('cost nothing while there are none', async () => {
    const { kube, clock, start } = world();
    start('a');
    await pass(clock, 70_000);
    expect(kube.writes()).toEqual([`DELETE ${root}/coxswain-refusals-a`]);
    await pass(clock, 3_600_000);
    expect(kube.requests).toHaveLength(1);
  });

  it('are renewed once a minute, and forgotten when their replica is gone', async () => {
    const { kube, clock, start, say, follow, put, read } = world();
    start('alive');
    say('alive', [refusal]);
    put('coxswain-refusals-gone', { replica: 'gone', refusals: JSON.stringify([{ ...refusal, message: 'of a dead one' }]) });
    follow('leader');
    await pass(clock, 20_000);
    expect(read()).toHaveLength(2);
    await pass(clock, 600_000);
    expect(read()).toEqual([[refusal]]);
    expect([...kube.objects.keys()]).toEqual([`${root}/coxswain-refusals-alive`]);
    expect(kube.writes().filter((write) => write.startsWith('PUT')).length).toBeLessThanOrEqual(12);
  });

  it('of the leader itself are left out, and those that are damaged are passed over', async () => {
    const { clock, follow, put, read } = world();
    put('a', { replica: 'leader', refusals: JSON.stringify([refusal]) });
    put('b', { replica: 'b', refusals: '{' });
    put('c', { replica: 'c', refusals: '{"suspects":1}' });
    follow('leader');
    await pass(clock, 0);
    expect(read()).toEqual([[], []]);
  });

  it('are tried again', async () => {
    const { kube, clock, start, say, follow, read } = world();
    let failures = 3;
    kube.before = ({ method }) => {
      if (method !== 'GET' && failures-- > 0) throw new KubeApiError('busy', { status: 503 });
    };
    start('a');
    follow('leader');
    say('a', [refusal]);
    await pass(clock, 60_000);
    expect(read()).toEqual([[refusal]]);
  });
});

describe('refusals of several replicas', () => {
  it('that say the same are one', () => {
    const other = { ...refusal, proxies: ['o.shop'], count: 4 };
    expect(mergeRefusals([[refusal], [other], [{ ...refusal, message: 'else' }]])).toEqual([
      { ...refusal, proxies: ['o.shop', 'p.shop'], count: 5 },
      { ...refusal, message: 'else' },
    ]);
  });
});
