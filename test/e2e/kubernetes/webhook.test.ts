import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { connect } from 'node:tls';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAuthority } from '../../../src/webhook/certificate.ts';
import type { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { eventually, rootNamespace, startMeshCluster, virtualService } from './mesh-cluster.ts';
import { Replica } from './replica.ts';

const configurations = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
const name = 'istio-validator-istio-system';
const objects = '/apis/networking.istio.io/v1/namespaces/shop/virtualservices';
const route = [{ destination: { host: 'b.example' } }];
const dayMs = 86_400_000;
/** An authority with less left is replaced. */
const replacedBeforeMs = 180 * dayMs;
/** Until then the replicas have started, also on a busy machine. */
const agesInMs = 60_000;

interface Configuration {
  readonly metadata: { readonly resourceVersion: string; readonly generation: number };
  readonly webhooks: readonly { readonly clientConfig: { readonly caBundle?: string }; readonly failurePolicy: string }[];
}

/** The API server reaches the webhook at a port of loopback, under the one name of its certificate that resolves here. */
describeNeeding(['kube', 'openssl'], 'the webhook of a cluster', () => {
  let cluster: KubeCluster;
  const replicas: Replica[] = [];

  beforeAll(async () => {
    cluster = await startMeshCluster();
    await startReplicas();
    await cluster.http.json(configurations, { method: 'POST', body: configuration(replicas[0]) });
    await ready();
  });
  afterAll(async () => {
    await Promise.all(replicas.map((replica) => replica.kill()));
    await cluster?.stop();
  });

  const startReplicas = async (more: Readonly<Record<string, string>> = {}) => {
    const started = ['istiod-0', 'istiod-1'].map((replica) => {
      const env = { POD_NAME: replica, COXSWAIN_LEASE_DURATION: '10s', ...more };
      return Replica.start({ kubeconfig: cluster.kubeconfig, env, args: ['--webhook-address', '127.0.0.1:0'] });
    });
    replicas.push(...(await Promise.all(started)));
  };
  const configuration = (replica: Replica | undefined) => ({
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name, labels: { 'istio.io/rev': 'default' } },
    webhooks: [
      {
        name: 'rev.validation.istio.io',
        clientConfig: { url: `https://localhost:${replica?.addresses['webhook']?.split(':')[1]}/validate` },
        failurePolicy: 'Ignore',
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        rules: [{ operations: ['CREATE', 'UPDATE'], apiGroups: ['networking.istio.io'], apiVersions: ['*'], resources: ['*'] }],
      },
    ],
  });
  /** Once the configuration trusts us and fails closed. */
  const ready = () =>
    eventually(async () => {
      const current = await cluster.http.json<Configuration>(`${configurations}/${name}`);
      const [webhook] = current.webhooks;
      if (!webhook?.clientConfig.caBundle || webhook.failurePolicy !== 'Fail') throw new Error(`not yet: ${JSON.stringify(webhook)}`);
      return current;
    });
  /** Asks another replica from now on. */
  const pointAt = async (replica: Replica | undefined) => {
    await cluster.http.json(`${configurations}/${name}`, { method: 'DELETE' });
    await cluster.http.json(configurations, { method: 'POST', body: configuration(replica) });
  };
  /** Once the API server uses what it has just stored. */
  const refuses = () =>
    eventually(async () => {
      const { body } = await create(virtualService('bad', [{ timeout: 'soon', route }]), '?dryRun=All');
      if (!String((body as { readonly message?: string }).message).includes('denied the request')) throw new Error(JSON.stringify(body));
    });
  const create = (object: object, query = '') => cluster.http.call(`${objects}${query}`, { method: 'POST', body: object });

  test('refuses what is wrong, with our words, and admits what is right, with warnings', async () => {
    const refused = await create(virtualService('bad', [{ timeout: 'soon', route }]));
    expect(refused.status).toBe(422);
    expect((refused.body as { readonly message: string }).message).toBe(
      'admission webhook "rev.validation.istio.io" denied the request: configuration is invalid: spec.http[0].timeout: must be a duration such as 5s or 100ms, not the text "soon" [IST0106]',
    );
    const admitted = await create(virtualService('good', [{ timeuot: '5s', route }]));
    expect([admitted.status, String(admitted.headers['warning'])]).toEqual([201, expect.stringContaining('did you mean')]);
    expect((await create(virtualService('dry', [{ timeout: 'soon', route }]), '?dryRun=All')).status).toBe(422);
    expect((await cluster.http.call(`${objects}/good`, { method: 'DELETE' })).status).toBe(200);
  });

  test('is answered by every replica, with one authority', async () => {
    const [webhook] = (await ready()).webhooks;
    await pointAt(replicas[1]);
    expect((await ready()).webhooks[0]?.clientConfig.caBundle).toBe(webhook?.clientConfig.caBundle);
    await refuses();
  });

  test('F54 is repaired when somebody overwrites its configuration, and left alone otherwise', async () => {
    const updates = async () =>
      (await Promise.all(replicas.map((each) => each.metric('galley_validation_config_updates')))).reduce((a, b) => a + b, 0);
    const before = await updates();
    const broken = await cluster.http.json<Configuration>(`${configurations}/${name}`, {
      method: 'PATCH',
      contentType: 'application/json-patch+json',
      body: [
        { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Ignore' },
        { op: 'remove', path: '/webhooks/0/clientConfig/caBundle' },
      ],
    });
    const repaired = await ready();
    // each update that changes something is a generation; it is counted when the answer has come, which the test may see before
    const made = before + repaired.metadata.generation - broken.metadata.generation;
    await eventually(async () => expect(await updates()).toBe(made));
    await cluster.http.json(`${configurations}/${name}`, {
      method: 'PATCH',
      contentType: 'application/merge-patch+json',
      body: { metadata: { annotations: { note: 'not ours' } } },
    });
    // It is heard of: the leader looks again, and finds nothing to do.
    await eventually(async () => {
      const current = await cluster.http.json<Configuration>(`${configurations}/${name}`);
      if (current.metadata.resourceVersion === repaired.metadata.resourceVersion) throw new Error('not changed yet');
    });
    expect(await updates()).toBe(made);
  });

  test('F54 is made again when its configuration was deleted', async () => {
    await cluster.http.json(`${configurations}/${name}`, { method: 'DELETE' });
    const again = await eventually(() => cluster.http.json<Configuration>(`${configurations}/${name}`), 120_000);
    expect(again.webhooks[0]?.failurePolicy).toBe('Ignore');
    await ready();
    await refuses();
  });

  test('F53 its authority is replaced without one object that is not judged', async () => {
    await Promise.all(replicas.splice(0).map((replica) => replica.kill('SIGTERM')));
    // What is left of it falls below half a year between two renewals.
    const aged = createAuthority('istiod webhooks', { fromMs: Date.now() - dayMs, untilMs: Date.now() + replacedBeforeMs + agesInMs });
    const data = { 'ca.key': base64(aged.key), 'ca.crt': base64(aged.certificate) };
    const secret = `/api/v1/namespaces/${rootNamespace}/secrets/istiod-webhook-certs`;
    await cluster.http.json(secret, { method: 'PATCH', contentType: 'application/merge-patch+json', body: { data } });
    await startReplicas({ COXSWAIN_WEBHOOK_RENEWAL: '5s' });
    await pointAt(replicas[0]);
    await ready();
    await refuses();
    const isAged = async () => (await servedBy(replicas[0])).verify(new X509Certificate(aged.certificate).publicKey);
    expect(await isAged()).toBe(true);
    const unjudged: string[] = [];
    const trusted = new Set<number>();
    const end = Date.now() + 240_000;
    do {
      const { body } = await create(virtualService('bad', [{ timeout: 'soon', route }]), '?dryRun=All');
      const { message = '' } = body as { readonly message?: string };
      if (!message.includes('denied the request')) unjudged.push(message);
      const current = await cluster.http.json<Configuration>(`${configurations}/${name}`);
      trusted.add(certificatesIn(current.webhooks[0]?.clientConfig.caBundle));
    } while ((await isAged()) && Date.now() < end);
    expect(await isAged(), 'another authority signs').toBe(false);
    await refuses();
    expect(unjudged).toEqual([]);
    expect(trusted, 'both are trusted before the new one is used').toEqual(new Set([1, 2]));
  });
});

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

function certificatesIn(bundle = ''): number {
  return Buffer.from(bundle, 'base64').toString().split('BEGIN CERTIFICATE').length - 1;
}

/** The certificate that a replica serves now. */
async function servedBy(replica: Replica | undefined): Promise<X509Certificate> {
  const socket = connect({ host: '127.0.0.1', port: Number(replica?.addresses['webhook']?.split(':')[1]), rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const certificate = socket.getPeerX509Certificate();
  socket.destroy();
  if (certificate === undefined) throw new Error('no certificate');
  return certificate;
}
