import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { gatedClient } from './gated-client.ts';
import { KubeApiError } from './kube-api-error.ts';
import type { KubeRequest } from './kube-client.ts';
import { RequestGate } from './list-watch/request-gate.ts';

const pods: KubeRequest = { method: 'GET', path: '/api/v1/pods' };
const lease: KubeRequest = { method: 'PUT', path: '/apis/coordination.k8s.io/v1/namespaces/n/leases/l' };

function setUp() {
  const clock = new FakeClock();
  const sent: string[] = [];
  let failure: Error | undefined;
  const send = async (request: KubeRequest) => {
    sent.push(`${request.method} ${request.path}`);
    if (failure) throw failure;
    return {} as never;
  };
  const client = gatedClient({ server: 'https://api', request: send, stream: send }, new RequestGate(clock, () => 0));
  const fail = (error: Error | undefined) => {
    failure = error;
  };
  return { clock, client, sent, fail };
}

it('lets reads wait for as long as the server has asked anybody to', async () => {
  const { clock, client, sent, fail } = setUp();
  fail(new KubeApiError('busy', { status: 429, retryAfterMs: 5_000 }));
  await expect(client.request(pods)).rejects.toThrow('busy');
  fail(undefined);
  const read = client.stream(pods);
  await clock.advanceAsync(4_999);
  expect(sent).toHaveLength(1);
  await clock.advanceAsync(1);
  await read;
  expect(sent).toHaveLength(2);
});

it('refuses writes meanwhile, which must not begin later than they were meant to, and never keeps leases waiting', async () => {
  const { clock, client, sent, fail } = setUp();
  fail(new KubeApiError('busy', { status: 503, retryAfterMs: 5_000 }));
  await expect(client.request(pods)).rejects.toThrow('busy');
  fail(undefined);
  await clock.advanceAsync(1_000);
  await expect(client.request({ method: 'PATCH', path: '/api/v1/pods/a' })).rejects.toMatchObject({ status: 429, retryAfterMs: 4_000 });
  await client.request(lease);
  expect(sent).toEqual(['GET /api/v1/pods', `PUT ${lease.path}`]);
  await clock.advanceAsync(4_000);
  await client.request({ method: 'PATCH', path: '/api/v1/pods/a' });
  expect(sent).toHaveLength(3);
});
