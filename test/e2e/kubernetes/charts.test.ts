import { execFile } from 'node:child_process';
import { cp, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { parse, parseAllDocuments } from 'yaml';
import { resolveInstallation } from '../../../src/install/installation.ts';
import type { KubeObject } from '../../../src/install/kube-object.ts';
import { buildManifest } from '../../../src/install/manifest.ts';
import { readSettings } from '../../../src/install/values/read-settings.ts';
import { buildGoProgram, goPrograms } from '../../harness/servers/go-program.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';

const run = promisify(execFile);
const charts = join(import.meta.dirname, '../../../deploy/charts');

/** What Helm makes of a chart. */
async function helm(chart: string, release: string, ...set: readonly string[]): Promise<readonly KubeObject[]> {
  const flags = set.flatMap((each) => ['--set', each]);
  const args = ['template', release, join(charts, chart), '--namespace', 'istio-system', ...flags];
  const { stdout } = await run(await buildGoProgram(goPrograms.helm), args, { maxBuffer: 64 << 20 });
  return parseAllDocuments(stdout).flatMap((document) => (document.contents === null ? [] : [document.toJS() as KubeObject]));
}

/** What `coxswain manifest generate` prints, apart from the namespace: Helm makes that itself. */
function generated(...set: readonly string[]): readonly KubeObject[] {
  const { crds, objects } = buildManifest(resolveInstallation(readSettings({ files: [], set })));
  return [...crds, ...objects];
}

/** By kind and name; documents inside of ConfigMaps by what they say. */
function byName(objects: readonly KubeObject[]): ReadonlyMap<string, unknown> {
  return new Map(
    objects.map((object) => [
      `${object.kind} ${object.metadata.name}`,
      { ...object, ...(object.kind === 'ConfigMap' && { data: readData(object) }) },
    ]),
  );
}

function readData({ data }: KubeObject): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(data as Readonly<Record<string, string>>).map(([key, text]) => [key, parse(text)]));
}

const noGateways = ['components.ingressGateways[0].enabled=false', 'components.egressGateways[0].enabled=false'];

describeNeeding(['helm'], 'our charts in the real Helm', () => {
  test('make what `coxswain manifest generate` prints', async () => {
    const all = [...(await helm('base', 'base')), ...(await helm('istiod', 'istiod')), ...(await helm('gateway', 'istio-ingressgateway'))];
    expect(byName(all)).toEqual(byName(generated()));
  });

  describe.each([
    ['a profile', ['profile=demo'], ['profile=demo', ...noGateways]],
    ['another', ['profile=remote', 'global.remotePilotAddress=10.1.2.3'], ['profile=remote', 'values.global.remotePilotAddress=10.1.2.3']],
    ['a revision', ['revision=canary'], ['revision=canary', 'profile=minimal']],
    [
      'many values',
      [
        'autoscaleEnabled=false',
        'pilot.replicaCount=3',
        'env.A=true',
        'podLabels.app=mine',
        'meshConfig.defaultConfig.discoveryAddress=x',
        'memory.targetAverageUtilization=70',
        'rollingMaxSurge=1',
        'nodeSelector.zone=a',
        'global.logging.level=debug',
        'tolerations[0].operator=Exists',
        'global.configValidation=false',
      ],
      [
        'profile=minimal',
        'values.pilot.autoscaleEnabled=false',
        'values.pilot.replicaCount=3',
        'values.pilot.env.A=true',
        'values.pilot.podLabels.app=mine',
        'meshConfig.defaultConfig.discoveryAddress=x',
        'values.pilot.memory.targetAverageUtilization=70',
        'values.pilot.rollingMaxSurge=1',
        'values.pilot.nodeSelector.zone=a',
        'values.global.logging.level=debug',
        'values.pilot.tolerations[0].operator=Exists',
        'values.global.configValidation=false',
      ],
    ],
  ])('%s', (_name, values, set) => {
    test('means the same', async () => {
      const all = [...(await helm('base', 'base')), ...(await helm('istiod', 'istiod', ...values))];
      expect(byName(all)).toEqual(byName(generated(...set)));
    });
  });

  test('a gateway is called as its release', async () => {
    const objects = await helm('gateway', 'istio-eastwest', 'service.type=NodePort', 'autoscaling.enabled=false');
    const names = objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names).toEqual(expect.arrayContaining(['Service istio-eastwest', 'Deployment istio-eastwest']));
    expect(names).not.toContain('HorizontalPodAutoscaler istio-eastwest');
    const labels = { app: 'istio-eastwest', istio: 'eastwest' };
    expect(byName(objects).get('Service istio-eastwest')).toMatchObject({ spec: { type: 'NodePort', selector: labels } });
  });

  test.each([
    ['istiod', 'autoscaelMin=2', "'autoscaelMin' not allowed"],
    ['istiod', 'pilot.autoscaleMin=two', "at '/pilot/autoscaleMin': got string, want"],
    ['istiod', 'global.proxy.logLevel=loud', "at '/global/proxy/logLevel'"],
    ['base', 'base.enableCRDTemplate=true', "'enableCRDTemplate' not allowed"],
    ['gateway', 'service.typ=NodePort', "'typ' not allowed"],
  ])('a value that there is not, or is wrong, is refused: %s, %s', async (chart, value, message) => {
    await expect(helm(chart, 'name', value)).rejects.toThrow(message);
  });

  test('values that change nothing are taken, and Helm says so after an installation', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-chart-'));
    try {
      await cp(join(charts, 'istiod'), directory, { recursive: true });
      // the notes are printed by what needs a cluster; under another name they are a template like all others
      await rename(join(directory, 'templates/NOTES.txt'), join(directory, 'templates/notes.yaml'));
      const flags = ['--show-only', 'templates/notes.yaml', '--set', 'global.proxy.privileged=true'];
      const { stdout } = await run(await buildGoProgram(goPrograms.helm), ['template', 'istiod', directory, ...flags]);
      expect(stdout.match(/^warning: .*$/gm)).toEqual(['warning: global.proxy.privileged changes nothing here']);
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  test('a profile that there is not is refused', async () => {
    await expect(helm('istiod', 'istiod', 'profile=dmo')).rejects.toThrow('there is no profile dmo');
  });
});
