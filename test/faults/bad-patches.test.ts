import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { createControlPlane } from '../../src/app/control-plane.ts';
import { DirectorySource } from '../../src/config/files/directory-source.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { systemClock } from '../../src/lib/clock.ts';
import { silentLogger } from '../../src/lib/log.ts';
import { formatIssue } from '../../src/model/issue.ts';
import { parseObject } from '../../src/schema/parse-object.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const directory = mkdtempSync(join(tmpdir(), 'coxswain-patches-'));
const file = join(directory, 'filter.yaml');
const stop = new AbortController();

afterEach(() => {
  stop.abort();
  rmSync(directory, { recursive: true, force: true });
});

/** Each of these is bad in another way; between them stand good ones. */
const filter = `apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata:
  name: mixed
  namespace: shop
spec:
  configPatches:
  - applyTo: CLUSTER
    patch:
      operation: MERGE
      value:
        connect_timeout: soon
  - applyTo: CLUSTER
    patch:
      operation: MERGE
      value: { connect_timeout: 7s }
  - applyTo: CLUSTER
    match: { context: SIDECAR_OUTBOUND }
    patch:
      operation: ADD
      value: { name: '', connect_timeout: 1s }
  - applyTo: HTTP_FILTER
    patch:
      operation: ADD
      value:
        name: late
        typed_config: { '@type': type.googleapis.com/envoy.extensions.filters.http.cors.v3.Cors }
  - applyTo: CLUSTER
    patch:
      operation: MERGE
      value: { lb_polity: RANDOM }
  - applyTo: CLUSTER
    patch:
      operation: MERGE
      value:
        outlier_detection: { max_ejection_percent: 300 }
  - applyTo: BOOTSTRAP
    patch: { operation: MERGE, value: {} }
`;

const service = `apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: a, namespace: shop }
spec:
  hosts: [a.com]
  resolution: STATIC
  ports: [{ number: 80, name: http, protocol: HTTP }]
  endpoints: [{ address: 10.1.0.1 }]
`;

it('bad patches are told with file, line and column, move with their lines, and leave everything else in force', async () => {
  writeFileSync(file, filter);
  writeFileSync(join(directory, 'service.yaml'), service);
  const source = new DirectorySource({ directories: [directory], parseObject, clock: systemClock });
  const plane = createControlPlane({ sources: [source], env: {}, protos: loadProtos(), log: silentLogger });
  await plane.config.start(stop.signal);
  const mesh = TextMesh.of(plane);
  const views = mesh.connect({ nodeId: 'sidecar~10.2.0.1~web.shop~shop.svc.cluster.local', metadata: { NAMESPACE: 'shop' } });
  const { clusters } = mesh.allResources(views);
  expect(clusters.get('outbound|80||a.com')).toMatchObject({ connect_timeout: { seconds: '7' }, lb_policy: 'LEAST_REQUEST' });
  expect(clusters.get('outbound|80||a.com')).not.toHaveProperty('outlier_detection');
  expect(views.view(typeUrls.LDS)?.all().size).toBeGreaterThan(2);
  await Promise.resolve();
  const told = () =>
    plane.issues
      .get()
      .filter(({ code }) => code.startsWith('CXS'))
      .map((issue) => formatIssue(issue).replaceAll(`${directory}/`, '').replace('EnvoyFilter/shop/mixed spec.configPatches', ''));
  const lines = (shift: number) => [
    `filter.yaml:${12 + shift}:9: error CXS0006 [0].patch.value.connect_timeout: must be a duration such as 1.5s (the patch is not applied; all others are)`,
    `filter.yaml:${21 + shift}:7: error CXS0006 [2].patch.value.name: is required (the patch is not applied; all others are)`,
    `filter.yaml:${37 + shift}:5: warning CXS0005 [6].applyTo: bootstraps are not patched; give the agent another one`,
    expect.stringMatching(
      new RegExp(
        `^filter.yaml:${22 + shift}:5: error CXS0006 \\[3\\]: is not applied to .* and \\d+ more: .* ends the HTTP filters, late cannot come after it$`,
      ),
    ),
    expect.stringMatching(
      new RegExp(
        `^filter.yaml:${32 + shift}:5: error CXS0006 \\[5\\]: is not applied to .*: outlier_detection.max_ejection_percent must be at most 100$`,
      ),
    ),
  ];
  expect(told()).toEqual(lines(0));
  writeFileSync(file, `# a comment\n\n${filter}`);
  await vi.waitFor(() => expect(told()).toEqual(lines(2)), { timeout: 10_000 });
  views.close();
});
