import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createControlPlane } from '../../src/app/control-plane.ts';
import { explainWorld } from '../../src/app/explain-world.ts';
import { parseWithEffect } from '../../src/app/kinds-without-effect.ts';
import { DirectorySource } from '../../src/config/files/directory-source.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { isProblem } from '../../src/explain/call.ts';
import { explain } from '../../src/explain/explain.ts';
import { readCall } from '../../src/explain/read-call.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { toStruct } from '../../src/lib/struct.ts';

const services = `apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { clusterIP: 10.96.0.7, selector: { app: web }, ports: [{ name: http, port: 80 }] }
---
apiVersion: v1
kind: Pod
metadata: { name: web-1, namespace: shop, labels: { app: web } }
status: { podIP: 10.0.0.1, phase: Running }
`;
const rules = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: web
  namespace: shop
spec:
  hosts: [web]
  http:
    - match:
        - uri:
            prefix: /old
      redirect: { uri: /new }
    - route:
        - destination: { host: web }
`;
const protos = loadProtos();

let folder: string;
let stop: AbortController;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'provenance-'));
  stop = new AbortController();
  writeFileSync(join(folder, 'services.yaml'), services);
  writeFileSync(join(folder, 'rules.yaml'), rules);
});
afterEach(() => {
  stop.abort();
  rmSync(folder, { recursive: true });
});

async function meshOfFolder() {
  const source = new DirectorySource({ directories: [folder], parseObject: parseWithEffect, clock: systemClock });
  const plane = createControlPlane({ sources: [source], env: {}, protos, log: silentLogger });
  await plane.config.start(stop.signal);
  const world = explainWorld({ plane, protos });
  const metadata = toStruct({ NAMESPACE: 'shop', LABELS: { app: 'web' } });
  const proxy = plane.source.admit({ id: 'sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local', metadata }, 'delta');
  if ('refused' in proxy) throw new Error(proxy.refused);
  return { world, proxy };
}

function decidedBy(world: ReturnType<typeof explainWorld>, path: string) {
  const call = readCall({ host: 'web', path });
  if (isProblem(call)) throw new Error(call.problem);
  const answer = explain(world, { from: { kind: 'workload', name: 'shop/web' }, call, followsToServer: true });
  if (isProblem(answer)) throw new Error(answer.problem);
  const { position, line, path: field } = answer.decidedBy ?? {};
  return { line: position?.line, column: position?.column, text: line?.trim(), field: field?.slice(1).join('.') };
}

it('a moved comment moves the line that is told, and pushes nothing', async () => {
  const { world, proxy } = await meshOfFolder();
  const revisions = () =>
    [typeUrls.CDS, typeUrls.EDS, typeUrls.LDS, typeUrls.RDS, typeUrls.VHDS].map((type) => proxy.view(type)?.revision());
  const before = revisions();
  expect(decidedBy(world, '/old/a')).toEqual({ line: 10, column: 11, text: '- uri:', field: 'http.0.match.0' });

  writeFileSync(join(folder, 'rules.yaml'), `# one\n# two\n${rules.replace('    - match:', '    # three\n    - match:')}`);
  await vi.waitFor(() => expect(decidedBy(world, '/old/a')).toMatchObject({ line: 13, text: '- uri:' }));
  expect(revisions()).toEqual(before);
  proxy.close();
});

it('a rule that is put before others takes their numbers, and each line is right', async () => {
  const { world, proxy } = await meshOfFolder();
  expect(decidedBy(world, '/')).toMatchObject({ line: 13, field: 'http.1' });

  const inserted = `    - match:\n        - uri: { exact: /ping }\n      directResponse: { status: 200 }\n    - match:\n        - uri:\n`;
  writeFileSync(join(folder, 'rules.yaml'), rules.replace('    - match:\n        - uri:\n', inserted));
  await vi.waitFor(() => expect(decidedBy(world, '/')).toMatchObject({ line: 16, text: '- route:', field: 'http.2' }));
  expect(decidedBy(world, '/ping')).toEqual({ line: 10, column: 11, text: '- uri: { exact: /ping }', field: 'http.0.match.0' });
  expect(decidedBy(world, '/old')).toMatchObject({ line: 13, field: 'http.1.match.0' });
  proxy.close();
});

it('what stays in force although the file has become wrong is told as far as it can be found', async () => {
  const { world, proxy } = await meshOfFolder();
  writeFileSync(join(folder, 'rules.yaml'), rules.replace('prefix: /old', 'prefix: [1]'));
  await vi.waitFor(() => expect(world.issues.get()).not.toEqual([]));
  expect(decidedBy(world, '/old')).toMatchObject({ line: 10, field: 'http.0.match.0' });
  proxy.close();
});
