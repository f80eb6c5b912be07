import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { TextMesh } from '../harness/text-mesh.ts';

// Istio's own samples: they must be accepted, and proxies must be given something to do.
const folder = join(process.env['COXSWAIN_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/conformance'), 'samples/files');
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith('.yaml'))
      .sort()
  : [];
const sidecar = { nodeId: 'sidecar~10.0.0.1~web.default~default.svc.cluster.local', metadata: { NAMESPACE: 'default' } };
const gateway = {
  nodeId: 'router~10.0.0.2~gw.istio-system~istio-system.svc.cluster.local',
  metadata: { NAMESPACE: 'istio-system', LABELS: { istio: 'ingressgateway' } },
};

describe.skipIf(files.length === 0)('conformance/samples', () => {
  it.each(files)('%s', async (file) => {
    const mesh = await TextMesh.create({ config: [readFileSync(join(folder, file), 'utf8')] });
    expect(mesh.texts.issues.filter(({ severity }) => severity === 'error')).toEqual([]);
    for (const proxy of [mesh.connect(sidecar), mesh.connect(gateway)]) {
      for (const type of ['CDS', 'EDS', 'LDS', 'RDS'] as const) {
        for (const { any } of proxy.view(typeUrls[type])?.all().values() ?? [])
          expect(mesh.protos.check(mesh.protos.decodeAny(any))).toEqual([]);
      }
    }
  });
});
