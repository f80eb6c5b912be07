import { describe, expect, it } from 'vitest';
import { MemoryKube } from '../../../test/harness/memory-kube.ts';
import { FakeClock } from '../../lib/fake-clock.ts';
import type { InstallContext } from './install.ts';
import { untilGone } from './until-gone.ts';

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: {
    name: 'gateways.networking.istio.io',
    deletionTimestamp: '2026-01-02T03:04:05Z',
    finalizers: ['customresourcecleanup.apiextensions.k8s.io'],
  },
  status: {
    conditions: [
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'accepted' },
      { type: 'Terminating', status: 'True', reason: 'InstanceDeletionFailed', message: 'could not list instances' },
    ],
  },
};
const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gateways.networking.istio.io';
const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } };

function world() {
  const client = new MemoryKube();
  const clock = new FakeClock();
  const context: InstallContext = { client, clock, signal: new AbortController().signal, tell: () => {}, dryRun: false };
  /** Lets time pass in steps until the wait has ended. */
  async function settled(waiting: Promise<void>): Promise<unknown> {
    let outcome: { readonly result: unknown } | undefined;
    void waiting.then(
      () => (outcome = { result: 'gone' }),
      (error: unknown) => (outcome = { result: error instanceof Error ? error.message : error }),
    );
    while (outcome === undefined) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.advance(100);
    }
    return outcome.result;
  }
  return { client, clock, context, settled };
}

describe('untilGone', () => {
  it('reminds an API server that has given up on a definition', async () => {
    const { client, clock, context, settled } = world();
    client.put(path, definition);
    client.before = ({ method }) => {
      if (method === 'PATCH') client.objects.delete(path);
    };
    expect(await settled(untilGone(definition, clock.now() + 60_000, context))).toBe('gone');
    expect(client.writes()).toEqual([`PATCH ${path}`]);
  });

  it('leaves alone what goes by itself, and reminds ever less often', async () => {
    const { client, clock, context, settled } = world();
    client.put(path, definition);
    const waiting = settled(untilGone(definition, clock.now() + 60_000, context));
    expect(await waiting).toMatch(/still there/);
    // after 5, 15 and 35 seconds
    expect(client.writes()).toHaveLength(3);
    client.requests.length = 0;
    client.put('/api/v1/namespaces/istio-system', namespace);
    await settled(untilGone(namespace, clock.now() + 60_000, context));
    expect(client.writes()).toEqual([]);
  });

  it('says what keeps it', async () => {
    const { client, clock, context, settled } = world();
    client.put(path, definition);
    expect(await settled(untilGone(definition, clock.now(), context))).toBe(
      'CustomResourceDefinition gateways.networking.istio.io is still there: removal asked for at 2026-01-02T03:04:05Z; finalizers ' +
        'customresourcecleanup.apiextensions.k8s.io; Terminating: InstanceDeletionFailed, could not list instances',
    );
    client.put('/api/v1/namespaces/istio-system', namespace);
    expect(await settled(untilGone(namespace, clock.now(), context))).toBe(
      'Namespace istio-system is still there: nobody wants it removed any more, or somebody has made it anew',
    );
  });
});
