import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { typeUrls } from '../../../src/envoy/type-urls.ts';
import { formatIssue } from '../../../src/model/issue.ts';
import { referenceProblems } from '../../harness/reference-check.ts';
import { TextMesh } from '../../harness/text-mesh.ts';
import type { Suite } from '../suite.ts';

const sidecar = { nodeId: 'sidecar~10.0.0.1~web.default~default.svc.cluster.local', metadata: { NAMESPACE: 'default' } };
const gateway = {
  nodeId: 'router~10.0.0.2~gw.istio-system~istio-system.svc.cluster.local',
  metadata: { NAMESPACE: 'istio-system', LABELS: { istio: 'ingressgateway' } },
};

/** Istio's own samples: they must be accepted, and what proxies are served because of them must be sound. */
export const samplesSuite: Suite = {
  name: 'samples',
  casesIn: (data) => {
    const folder = join(data, 'samples/files');
    if (!existsSync(folder)) return [];
    const files = readdirSync(folder, { recursive: true }).map(String);
    return files
      .filter((file) => /\.ya?ml$/.test(file))
      .sort()
      .map((name) => ({ name, disagreements: () => problemsOf(readFileSync(join(folder, name), 'utf8')) }));
  },
};

async function problemsOf(text: string): Promise<readonly string[]> {
  const mesh = await TextMesh.create({ config: [text] });
  const problems = mesh.texts.issues.filter(({ severity }) => severity === 'error').map(formatIssue);
  for (const proxy of [mesh.connect(sidecar), mesh.connect(gateway)]) {
    for (const type of ['CDS', 'EDS', 'LDS', 'RDS'] as const) {
      for (const { any } of proxy.view(typeUrls[type])?.all().values() ?? [])
        problems.push(...mesh.protos.check(mesh.protos.decodeAny(any)));
    }
    const resources = mesh.allResources(proxy);
    if (resources.clusters.size === 0) problems.push('a proxy is served nothing');
    // A sample may route to what another one brings.
    problems.push(...referenceProblems(resources).filter((problem) => !problem.includes('names the cluster outbound')));
  }
  return problems;
}
