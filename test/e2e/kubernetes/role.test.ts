import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { resolveInstallation } from '../../../src/install/installation.ts';
import { buildManifest, type Manifest } from '../../../src/install/manifest.ts';
import { definitionsServed } from '../../harness/kube/definitions.ts';
import { pinnedNode, program } from '../../harness/serve-process.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';

const within = { timeout: 60_000, interval: 100 };

/** The control plane with the arguments and environment of its Deployment, and the token of its service account. */
describeNeeding(['kube', 'openssl'], 'the role of the control plane', () => {
  let cluster: KubeCluster;
  let child: ChildProcessWithoutNullStreams | undefined;
  let log = '';

  beforeAll(async () => {
    cluster = await KubeCluster.start();
    const manifest = buildManifest(resolveInstallation({ profile: 'minimal' }));
    await apply(cluster, manifest);
    const kubeconfig = join(cluster.directory, 'istiod.kubeconfig');
    await writeFile(kubeconfig, await cluster.kubeconfigOf({ token: await cluster.tokenOf('istio-system', 'istiod') }));
    const { args, env } = startOf(manifest);
    child = spawn(pinnedNode, [program, ...args, '--kubeconfig', kubeconfig, '--exit-with-stdin'], { env: { ...process.env, ...env } });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      log += text;
    });
    await new Promise<void>((ready, reject) => {
      createInterface({ input: child!.stdout }).on('line', (line) => line.startsWith('READY ') && ready());
      child?.once('close', () => reject(new Error(`it ended before it was ready: ${log}`)));
    });
  });
  afterAll(async () => {
    child?.stdin.end();
    if (child && child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    await cluster?.stop();
  });

  const read = async <T>(path: string) => (await cluster.http.call(path)).body as T;

  test('is enough to lead', async () => {
    const path = '/apis/coordination.k8s.io/v1/namespaces/istio-system/leases/istio-status-leader-default';
    await vi.waitFor(
      async () => expect(await read(path)).toMatchObject({ spec: { holderIdentity: expect.stringContaining('istiod-0') } }),
      within,
    );
  });

  test('is enough to make the certificates of the webhook, and to have them trusted', async () => {
    for (const name of ['istio-validator-istio-system', 'istiod-default-validator']) {
      const path = `/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/${name}`;
      const patched = { webhooks: [{ clientConfig: { caBundle: expect.stringMatching(/^LS0t/) } }] };
      await vi.waitFor(async () => expect(await read(path)).toMatchObject(patched), within);
    }
  });

  test('is enough to say in an object what is wrong with it', async () => {
    const bad = {
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { name: 'bad', namespace: 'default' },
      spec: { hosts: ['a'], http: [{ route: [{ destination: { host: 'a' }, weight: -1 }] }] },
    };
    await cluster.apply(bad);
    const path = '/apis/networking.istio.io/v1/namespaces/default/virtualservices/bad';
    await vi.waitFor(
      async () => expect(await read(path)).toMatchObject({ status: { conditions: [expect.objectContaining({ status: 'False' })] } }),
      within,
    );
  });

  test('lets it read every kind: it complains of nothing that is forbidden', () => {
    expect(log.split('\n').filter((line) => /forbidden|\b403\b/i.test(line))).toEqual([]);
  });
});

async function apply(cluster: KubeCluster, { crds, namespaces, objects }: Manifest): Promise<void> {
  await cluster.apply(...crds, ...namespaces);
  await definitionsServed(cluster);
  await cluster.apply(...objects);
}

interface Container {
  readonly args: readonly string[];
  readonly env: readonly { readonly name: string; readonly value?: string }[];
}

/** How the Deployment starts the program, on free ports of loopback; what Kubernetes would fill in is filled in. */
function startOf({ objects }: Manifest): { readonly args: readonly string[]; readonly env: Readonly<Record<string, string>> } {
  const deployment = objects.find(({ kind }) => kind === 'Deployment');
  if (!deployment) throw new Error('the manifest has no Deployment');
  const { template } = deployment['spec'] as { readonly template: { readonly spec: { readonly containers: readonly [Container] } } };
  const { args, env } = template.spec.containers[0];
  const filledIn: Readonly<Record<string, string>> = { POD_NAME: 'istiod-0', POD_NAMESPACE: 'istio-system', SERVICE_ACCOUNT: 'istiod' };
  return {
    args: args.map((argument) => argument.replace(/=0\.0\.0\.0:\d+$/, '=127.0.0.1:0')),
    env: Object.fromEntries(env.map(({ name, value }) => [name, value ?? filledIn[name] ?? ''])),
  };
}
