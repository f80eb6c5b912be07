import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RealEnvoy, startProxyWithSds } from '../harness/real-envoy.ts';
import { referenceProblems } from '../harness/reference-check.ts';
import { startSdsServer } from '../harness/sds-server.ts';
import { SwitchableSource } from '../harness/switchable-source.ts';
import type { TestProxy, TextMesh } from '../harness/text-mesh.ts';
import { serveXds, type TestDiscovery } from '../harness/text-mesh-server.ts';
import { proxies } from '../incremental/proxies.ts';
import { editsOf, meshOf, tell } from '../incremental/tell-world.ts';
import { apply, type Edit, edit, edits, type World } from '../incremental/world.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 200);
const roles = ['sidecar', 'router'] as const;
const address = '127.0.1.33';
/** Whoever is not root cannot open ports below 1024: gateways leave them out then. */
const isUnprivileged = process.getuid?.() !== 0;

/** P1: whatever the validator accepts, in any order, real Envoys take. */
describe('real Envoys refuse nothing of any world', () => {
  const end = new AbortController();
  const envoys: RealEnvoy[] = [];
  let mesh: TextMesh;
  let source: SwitchableSource;
  let discovery: TestDiscovery;
  let world: World = new Map();

  beforeAll(async () => {
    mesh = await meshOf(new Map());
    source = new SwitchableSource(mesh);
    const sdsPort = await startSdsServer(mesh.protos, end.signal);
    discovery = await serveXds(source, mesh.protos);
    for (const type of roles) {
      source.become({ nodeId: `${type}~${address}~test.default~default.svc.cluster.local` });
      const options = { name: 'test', namespace: 'default', address, type, xdsAddress: discovery.address };
      envoys.push(await startProxyWithSds(mesh.protos, options, sdsPort));
    }
  });

  afterAll(async () => {
    await Promise.all(envoys.map((envoy) => envoy.stop()));
    await discovery.stop();
    end.abort();
  });

  function become(next: World): void {
    const gone = [...world.keys()].filter((slot) => !next.has(slot)).map((slot) => ({ slot }));
    tell(mesh, [...gone, ...editsOf(next)]);
    world = next;
  }

  async function check(proxy: TestProxy): Promise<void> {
    const views = source.become(proxy);
    if (views === undefined) throw new Error('the Envoy is not connected');
    await discovery.settled();
    expect(discovery.nacks.splice(0).filter((nack) => !isAboutThisMachine(nack))).toEqual([]);
    const problems = referenceProblems(mesh.allResources(views));
    expect(problems.filter((problem) => !isDangling(problem))).toEqual([]);
  }

  test(`in ${runs} histories`, { timeout: 3_600_000 }, async () => {
    const whoever = fc.constantFrom(...envoyProxies);
    const steps = fc.array(fc.tuple(fc.array(edit, { minLength: 1, maxLength: 6 }), whoever), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(edits, steps, async (start, later) => {
        let next: World = start.reduce(apply, new Map());
        for (const [then, proxy] of later) {
          next = then.reduce((before: World, one: Edit) => apply(before, one), next);
          become(next);
          await check(proxy);
        }
      }),
      { numRuns: runs, endOnFailure: true },
    );
  });
});

const envoyProxies = proxies
  .filter(({ metadata }) => metadata?.['GENERATOR'] !== 'grpc')
  .map((proxy) => ({ ...proxy, metadata: { ...proxy.metadata, ...(isUnprivileged && { UNPRIVILEGED_POD: 'true' }) } }));

/** Routes may name what nobody serves: users write such, and Envoy answers 503. */
function isDangling(problem: string): boolean {
  return problem.includes('names the cluster outbound');
}

/**
 * Addresses of proxies are not of this machine, and other programs here may listen where a world wants to: such listeners
 * cannot be opened, and modules of files that are not there cannot be read. The Envoy that is not asked about at this moment says so too. (Two listeners of one proxy on one address are
 * found by `referenceProblems`.)
 */
function isAboutThisMachine(nack: string): boolean {
  const cannotBind = proxies.map(({ metadata }) => `cannot bind '${String(metadata?.['INSTANCE_IPS'])}:`);
  const lines = nack.split('\n').filter((line) => line !== '');
  return lines.every(
    (line) =>
      (cannotBind.some((text) => line.includes(text)) && line.endsWith('Cannot assign requested address')) ||
      line.endsWith('Address already in use') ||
      line.endsWith('Invalid path: /a.wasm'),
  );
}
