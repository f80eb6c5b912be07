import { buildCrds, ownKinds } from '../../../src/install/crds/crds.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { unmet } from '../../harness/servers/requirements.ts';
import type { Suite } from '../suite.ts';
import { definitionsSuite } from './definitions-suite.ts';

/** How long an API server may take to serve our kinds. */
const patienceMs = 30_000;

/** The suite that asks a real API server, and what ends the server; where it cannot be started the suite says why. */
export async function startDefinitions(): Promise<{ readonly suite: Suite; stop(): Promise<void> }> {
  const lacking = unmet(['kube', 'openssl']);
  if (lacking.length > 0) return { suite: definitionsSuite({ lacking: lacking.join(', ') }), stop: async () => {} };
  const cluster = await KubeCluster.start({ controllers: false });
  await cluster.apply(...buildCrds());
  await established(cluster);
  const ask = (document: string) => cluster.kubectl(['create', '--dry-run=server', '-f', '-'], document).then(() => '', String);
  return { suite: definitionsSuite(ask), stop: () => cluster.stop() };
}

interface Definition {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

async function established(cluster: KubeCluster): Promise<void> {
  const deadline = performance.now() + patienceMs;
  for (const { plural, group } of ownKinds) {
    for (;;) {
      const path = `/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${plural}.${group}`;
      const { status } = await cluster.http.json<Definition>(path);
      if ((status?.conditions ?? []).some(({ type, status: is }) => type === 'Established' && is === 'True')) break;
      if (performance.now() > deadline) throw new Error(`${plural}.${group} is not served`);
      await new Promise<void>((next) => setImmediate(next));
    }
  }
}
