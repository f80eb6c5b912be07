import { describe, expect, it } from 'vitest';
import { MemoryKube } from '../../test/harness/memory-kube.ts';
import { FakeClock } from '../lib/fake-clock.ts';
import { silentLogger } from '../lib/log.ts';
import { KubeApiError } from './kube-api-error.ts';
import type { KubeClient } from './kube-client.ts';
import { LeaderElection, type LeaderElectionOptions } from './leader-election.ts';
import { istioLeaseTimes, type LeaderTerm } from './leader-term.ts';
import { LeaseStore } from './lease-store.ts';

const path = '/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/lock';

class Replica {
  readonly terms: LeaderTerm[] = [];
  readonly stop = new AbortController();
  readonly ended: Promise<void>;
  /** Its process is gone: its requests arrive nowhere. */
  isDead = false;

  constructor(kube: MemoryKube, clock: FakeClock, identity: string, more: Partial<LeaderElectionOptions> = {}) {
    const election = new LeaderElection({
      store: new LeaseStore({ client: this.through(kube), namespace: 'istio-system', name: 'lock' }),
      identity,
      key: 'default',
      times: istioLeaseTimes,
      clock,
      monotonic: () => clock.now() + 0.25,
      random: () => 0.5,
      log: silentLogger,
      lead: async (term) => {
        this.terms.push(term);
        await new Promise<void>((resolve) => term.signal.addEventListener('abort', () => resolve(), { once: true }));
      },
      ...more,
    });
    this.ended = election.run(this.stop.signal);
  }

  private through(kube: MemoryKube): KubeClient {
    const never = new Promise<never>(() => undefined);
    return {
      server: kube.server,
      request: (request) => (this.isDead ? never : kube.request(request)),
      stream: (request) => (this.isDead ? never : kube.stream(request)),
    };
  }

  get isLeading(): boolean {
    return this.terms.at(-1)?.isCurrent() ?? false;
  }
}

/** Time passes in steps, so that what happens on the way gets its turns. */
async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 250) {
    await clock.advanceAsync(passed === 0 ? 0 : 250);
    for (let turn = 0; turn < 5; turn++) await clock.advanceAsync(0);
  }
}

function world() {
  const kube = new MemoryKube();
  const clock = new FakeClock(1_700_000_000_000);
  const holder = () => (kube.get(path)['spec'] as { holderIdentity: string; leaseTransitions: number }).holderIdentity;
  return {
    kube,
    clock,
    holder,
    join: (identity: string, more?: Partial<LeaderElectionOptions>) => new Replica(kube, clock, identity, more),
  };
}

describe('electing a leader', () => {
  it('has one of two replicas lead, for as long as it renews', async () => {
    const { clock, join, holder } = world();
    const a = join('a');
    const b = join('b');
    await pass(clock, 600_000);
    expect([a.isLeading, b.isLeading, holder()]).toEqual([true, false, 'a']);
    expect([a.terms.length, b.terms.length]).toEqual([1, 0]);
  });

  it('costs one request per renewal, and two for each that a candidate sees', async () => {
    const { kube, clock, join } = world();
    join('a');
    join('b');
    await pass(clock, 75_000);
    kube.requests.length = 0;
    await pass(clock, 75_000);
    expect(kube.writes()).toHaveLength(10);
    expect(kube.requests.length).toBeLessThanOrEqual(10 + 2 * 10 + 2);
  });

  it('lets go of the lease when it is told to stop, and another one leads within a second', async () => {
    const { clock, join, holder } = world();
    const a = join('a');
    const b = join('b');
    await pass(clock, 20_000);
    a.stop.abort();
    await pass(clock, 0);
    await a.ended;
    expect([holder(), a.isLeading]).toEqual(['', false]);
    await pass(clock, 1000);
    expect([holder(), b.isLeading]).toEqual(['b', true]);
  });

  it('F15 has another one lead when the lease of a dead leader has run out, and not before', async () => {
    const { kube, clock, join, holder } = world();
    const a = join('a');
    const b = join('b');
    await pass(clock, 20_000);
    a.isDead = true;
    const { renewTime } = kube.get(path)['spec'] as { renewTime: string };
    const runsOutMs = Date.parse(renewTime.replace('000Z', 'Z')) + istioLeaseTimes.durationMs;
    await pass(clock, runsOutMs - clock.now() - 500);
    expect([b.isLeading, holder()]).toEqual([false, 'a']);
    await pass(clock, 2000);
    expect([b.isLeading, holder()]).toEqual([true, 'b']);
    expect(kube.get(path)['spec']).toMatchObject({ leaseTransitions: 1 });
  });

  it('F16 knows that its term is over before any timer has run, after it was stopped for longer than the lease', async () => {
    const { kube, clock, join } = world();
    let stoppedMs = 0;
    const a = join('a', { monotonic: () => clock.now() + stoppedMs });
    await pass(clock, 8000);
    expect(a.isLeading).toBe(true);
    stoppedMs = 31_000;
    expect([a.isLeading, a.terms[0]?.timeLeftMs()]).toEqual([false, 0]);
    kube.requests.length = 0;
    await pass(clock, 15_000);
    expect(a.terms).toHaveLength(2);
    expect(a.terms[0]?.signal.aborted).toBe(true);
  });

  it('F16 does not take the lease back from whoever has taken it meanwhile', async () => {
    const { kube, clock, join, holder } = world();
    const a = join('a');
    await pass(clock, 8000);
    const lease = kube.get(path);
    kube.put(path, { ...lease, spec: { ...(lease['spec'] as object), holderIdentity: 'b', renewTime: 'later' } });
    await pass(clock, 10_000);
    expect([a.isLeading, holder()]).toEqual([false, 'b']);
  });

  it('F07 ends its term when the server answers nothing but 429 until the deadline, and is over it a renewal before', async () => {
    const { kube, clock, join } = world();
    const a = join('a');
    await pass(clock, 1000);
    let isRefusing = true;
    kube.before = () => {
      if (isRefusing) throw new KubeApiError('slow down', { status: 429, retryAfterMs: 1000 });
    };
    await pass(clock, 12_000);
    isRefusing = false;
    await pass(clock, 12_000);
    expect([a.terms.length, a.isLeading]).toEqual([1, true]);
    isRefusing = true;
    await pass(clock, 30_000);
    expect([a.terms.length, a.isLeading]).toEqual([1, false]);
    isRefusing = false;
    await pass(clock, 10_000);
    expect([a.terms.length, a.isLeading]).toEqual([2, true]);
  });

  it('has an API server that hangs not keep it in office', async () => {
    const { kube, clock, join } = world();
    const a = join('a');
    await pass(clock, 1000);
    kube.before = ({ timeoutMs = 0 }) => new Promise((_, reject) => clock.setTimeout(() => reject(new Error('no answer')), timeoutMs));
    await pass(clock, 14_500);
    expect(a.isLeading).toBe(false);
    await pass(clock, 2000);
    expect(a.terms[0]?.signal.aborted).toBe(true);
  });

  it('looks like istiod does where leases must not be watched', async () => {
    const { kube, clock, join } = world();
    const a = join('a');
    kube.before = ({ query }) => {
      if (query?.['watch']) throw new KubeApiError('forbidden', { status: 403 });
    };
    const b = join('b');
    await pass(clock, 60_000);
    expect(kube.requests.length).toBeLessThan(40);
    a.stop.abort();
    await pass(clock, 10_000);
    expect(b.isLeading).toBe(true);
  });

  it('F17 has the replica of the first revision ask for the lease; nobody leads beside another', async () => {
    const { clock, join, holder } = world();
    const canary = join('canary-1', { key: 'canary' });
    await pass(clock, 5000);
    const both: boolean[] = [];
    const stable = join('stable-1', { isBefore: (key) => key === 'canary' });
    for (let step = 0; step < 80; step++) {
      await pass(clock, 250);
      if (canary.isLeading && stable.isLeading) both.push(true);
    }
    expect([canary.isLeading, stable.isLeading, holder(), both]).toEqual([false, true, 'stable-1', []]);
    await pass(clock, 60_000);
    expect([canary.terms.length, stable.terms.length]).toEqual([1, 1]);
  });

  it('keeps annotations of others', async () => {
    const { kube, clock, join } = world();
    kube.put(path, { metadata: { annotations: { mine: 'yes' } }, spec: {} });
    join('a');
    await pass(clock, 20_000);
    expect(kube.get(path).metadata['annotations']).toEqual({ mine: 'yes', 'leader.istio.io/holder-key': 'default' });
  });
});
