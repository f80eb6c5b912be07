import { describe, expect, it } from 'vitest';
import { MemoryKube, type StoredObject } from '../../test/harness/memory-kube.ts';
import { KubeApiError } from '../kubernetes/kube-api-error.ts';
import { endlessTerm } from '../kubernetes/leader-term.ts';
import { FakeClock } from '../lib/fake-clock.ts';
import { silentLogger } from '../lib/log.ts';
import { WebhookConfigurations } from './webhook-configurations.ts';

const collection = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const path = `${collection}/istio-validator-istio-system`;
const bundle = Buffer.from('PEM').toString('base64');

function world() {
  const kube = new MemoryKube();
  const clock = new FakeClock(1_000_000);
  const stop = new AbortController();
  let isReached = true;
  kube.before = ({ path: asked, method }) => {
    if (method !== 'POST' || !asked.endsWith('/gateways')) return;
    throw new KubeApiError(isReached ? 'admission webhook "x" denied the request: spec' : 'failed calling webhook', { status: 400 });
  };
  const written = () => kube.writes().filter((write) => write.startsWith('PUT')).length;
  const configurations = new WebhookConfigurations({
    client: kube,
    namespace: 'istio-system',
    revision: 'default',
    bundle: () => 'PEM',
    clock,
    log: silentLogger,
    onUpdated: () => undefined,
    onFailed: () => undefined,
  });
  const install = (failurePolicy = 'Ignore', caBundle = '') =>
    kube.put(path, {
      metadata: { labels: { 'istio.io/rev': 'default' } },
      webhooks: [
        { name: 'rev.validation.istio.io', clientConfig: { service: { name: 'istiod' }, caBundle }, failurePolicy, rules: ['kept'] },
      ],
    });
  const state = () => {
    const [webhook] = (kube.get(path) as StoredObject & { webhooks: { clientConfig: { caBundle: string }; failurePolicy: string }[] })
      .webhooks;
    return [webhook?.clientConfig.caBundle, webhook?.failurePolicy];
  };
  const run = () => configurations.run(endlessTerm(stop.signal));
  return { kube, clock, stop, install, state, run, written, reach: (is: boolean) => (isReached = is) };
}

async function pass(clock: FakeClock, ms: number): Promise<void> {
  for (let passed = 0; passed <= ms; passed += 500) {
    await clock.advanceAsync(passed === 0 ? 0 : 500);
    for (let turn = 0; turn < 6; turn++) await clock.advanceAsync(0);
  }
}

describe('webhook configurations', () => {
  it('get our certificates, and fail closed once bad objects are refused', async () => {
    const { clock, install, state, run, reach, written } = world();
    install();
    reach(false);
    void run();
    await pass(clock, 30_000);
    expect(state()).toEqual([bundle, 'Ignore']);
    reach(true);
    await pass(clock, 10_000);
    expect(state()).toEqual([bundle, 'Fail']);
    const before = written();
    await pass(clock, 600_000);
    expect(written()).toBe(before);
  });

  it('are left alone where they are of another webhook', async () => {
    const { kube, clock, run, written } = world();
    kube.put(`${collection}/somebody-else`, {
      metadata: { labels: { 'istio.io/rev': 'default' } },
      webhooks: [{ name: 'x', clientConfig: {} }],
    });
    void run();
    await pass(clock, 5000);
    expect(written()).toBe(0);
  });

  it('F54 are repaired when somebody overwrites them once', async () => {
    const { clock, install, state, run } = world();
    install();
    void run();
    await pass(clock, 10_000);
    install('Ignore', 'old');
    await pass(clock, 10_000);
    expect(state()).toEqual([bundle, 'Fail']);
  });

  it('F54 are repaired ever more slowly when somebody does not stop', async () => {
    const { clock, install, state, run, written } = world();
    install('Ignore', 'theirs');
    void run();
    for (let second = 0; second < 1800; second++) {
      await pass(clock, 500);
      if (state()[0] !== 'theirs') install('Ignore', 'theirs');
    }
    expect(written()).toBeGreaterThan(5);
    expect(written()).toBeLessThan(16);
  });

  it('F54 that were deleted are made again after a minute, and fail closed once bad objects are refused', async () => {
    const { kube, clock, install, state, run, reach } = world();
    install();
    void run();
    await pass(clock, 10_000);
    await kube.request({ method: 'DELETE', path });
    reach(false);
    await pass(clock, 55_000);
    expect(kube.objects.has(path)).toBe(false);
    await pass(clock, 10_000);
    expect(state()).toEqual([bundle, 'Ignore']);
    expect(kube.get(path)).toMatchObject({ metadata: { labels: { 'istio.io/rev': 'default' } }, webhooks: [{ rules: ['kept'] }] });
    reach(true);
    await pass(clock, 10_000);
    expect(state()).toEqual([bundle, 'Fail']);
  });

  it('F54 that were deleted are left to those who make them anew within the minute', async () => {
    const { kube, clock, install, state, run } = world();
    install();
    void run();
    await pass(clock, 10_000);
    await kube.request({ method: 'DELETE', path });
    await pass(clock, 20_000);
    install();
    await pass(clock, 120_000);
    expect(kube.writes().filter((write) => write === `POST ${collection}`)).toEqual([]);
    await pass(clock, 10_000);
    expect(state()).toEqual([bundle, 'Fail']);
  });

  it('ends with the term', async () => {
    const { clock, stop, run } = world();
    const ended = run();
    await pass(clock, 2000);
    stop.abort();
    await pass(clock, 0);
    await ended;
  });
});
