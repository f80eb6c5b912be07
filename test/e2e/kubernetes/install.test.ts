import { afterAll, beforeAll, expect, test } from 'vitest';
import { resolveInstallation } from '../../../src/install/installation.ts';
import type { KubeObject } from '../../../src/install/kube-object.ts';
import { allObjects, buildManifest } from '../../../src/install/manifest.ts';
import { readSettings } from '../../../src/install/values/read-settings.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import { pretendPodsRun } from './ready-pods.ts';
import { runCoxswain } from './run-coxswain.ts';

interface Rule {
  readonly apiGroups?: readonly string[];
  readonly resources?: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

interface RulesReview {
  readonly status: { readonly resourceRules: readonly Rule[]; readonly incomplete: boolean };
}

/** What everybody may do who is known to an API server. */
const ofEverybody = ['selfsubjectreviews', 'selfsubjectaccessreviews', 'selfsubjectrulesreviews'];

const remote = ['--set', 'values.global.remotePilotAddress=192.0.2.7'];

describeNeeding(['kube', 'openssl'], 'coxswain install', () => {
  let cluster: KubeCluster;
  let pods: ReturnType<typeof pretendPodsRun>;
  beforeAll(async () => {
    cluster = await KubeCluster.start();
    pods = pretendPodsRun(cluster);
  });
  afterAll(async () => {
    await pods?.stop();
    await cluster?.stop();
  });

  const run = (...args: readonly string[]) => runCoxswain([...args, '--kubeconfig', cluster.kubeconfig, '--readiness-timeout', '240s']);
  const listed = 'deploy,svc,sa,cm,hpa,pdb,role,rolebinding,clusterrole,clusterrolebinding,validatingwebhookconfiguration,crd,ns';

  /** What is in the cluster, apart from what is there by itself. */
  async function everything(): Promise<readonly string[]> {
    const names = await cluster.kubectl([
      'get',
      listed,
      '-A',
      '-o',
      'custom-columns=:kind,:metadata.namespace,:metadata.name',
      '--no-headers',
    ]);
    return names
      .split('\n')
      .map((line) => line.trim().split(/\s+/).join(' '))
      .filter((line) => line !== '' && !/ default$|kube-root-ca.crt/.test(line))
      .sort();
  }

  async function rulesOf(name: string): Promise<readonly string[]> {
    const token = await cluster.tokenOf('istio-system', name);
    const body = { apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectRulesReview', spec: { namespace: 'istio-system' } };
    const path = '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews';
    const { body: answer } = await cluster.http.call(path, { method: 'POST', body, token });
    const { resourceRules, incomplete } = (answer as RulesReview).status;
    expect(incomplete).toBe(false);
    return grants(resourceRules).filter((grant) => !ofEverybody.some((resource) => grant.includes(` ${resource}`)));
  }

  test('shows what it would do, and does nothing', async () => {
    const before = await everything();
    const { code, lines, errors } = await run('install', '--dry-run');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(lines).toContain('CustomResourceDefinition virtualservices.networking.istio.io would be created');
    expect(lines).toContain('Deployment istio-system/istiod would be created');
    expect(lines.at(-1)).toBe('nothing was changed: this was a dry run');
    expect(await everything()).toEqual(before);
  });

  test('installs a profile, says so, and is done when it works', async () => {
    const { code, lines, errors } = await run('install', '--set', 'profile=demo');
    expect({ code, errors }).toEqual({ code: 0, errors: '' });
    expect(lines).toContain('Deployment istio-system/istiod is ready');
    expect(lines.at(-1)).toMatch(/^installed: \d+ objects$/);
    const there = await everything();
    for (const { kind, metadata } of objectsOf('profile=demo'))
      expect(there).toContain(`${kind} ${metadata.namespace ?? '<none>'} ${metadata.name}`);
    const available = await cluster.kubectl([
      '-n',
      'istio-system',
      'get',
      'deploy',
      'istiod',
      '-o',
      'jsonpath={.status.availableReplicas}',
    ]);
    expect(available).toBe('2');
  });

  test('changes nothing when it is run again', async () => {
    const { code, lines } = await run('install', '--set', 'profile=demo');
    expect(code).toBe(0);
    expect(lines.filter((line) => / created| changed|removed/.test(line))).toEqual([]);
  });

  test('gives the control plane the rights of its role, and no other', async () => {
    const objects = objectsOf('profile=demo');
    const roles = objects.filter(
      ({ kind, metadata: { name } }) => (kind === 'ClusterRole' && name.startsWith('istiod')) || kind === 'Role',
    );
    const granted = roles.flatMap((role) => grants(role['rules'] as readonly Rule[]));
    expect(await rulesOf('istiod')).toEqual([...new Set(granted)].sort());
    expect(await rulesOf('istio-ingressgateway-service-account')).toEqual([]);
  });

  test('leaves closed a webhook that the control plane has closed, and changes what was asked for', async () => {
    const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations/istio-validator-istio-system';
    const caBundle = Buffer.from(await caOf(cluster)).toString('base64');
    const body = [
      { op: 'replace', path: '/webhooks/0/failurePolicy', value: 'Fail' },
      { op: 'add', path: '/webhooks/0/clientConfig/caBundle', value: caBundle },
    ];
    await cluster.http.json(path, { method: 'PATCH', contentType: 'application/json-patch+json', body });
    const { code, lines } = await run('install', '--set', 'profile=demo', '--set', 'meshConfig.accessLogFile=/tmp/log');
    expect(code).toBe(0);
    expect(lines.filter((line) => / created| changed|removed/.test(line))).toEqual(['ConfigMap istio-system/istio changed: data.mesh']);
    expect((await cluster.http.call(path)).body).toMatchObject({ webhooks: [{ failurePolicy: 'Fail', clientConfig: { caBundle } }] });
  });

  test('removes what another profile lacks, and nothing of other installations', async () => {
    const other = await run('install', '--revision', 'canary', '--set', 'profile=minimal');
    expect(other).toMatchObject({ code: 0, errors: '' });
    const { code, lines } = await run('install', '--set', 'profile=minimal');
    expect(code).toBe(0);
    const removed = lines.filter((line) => line.endsWith('removed'));
    expect(removed).toContain('Deployment istio-system/istio-egressgateway removed');
    expect(removed.filter((line) => !line.includes('gateway'))).toEqual([]);
    expect(await everything()).toContain('Deployment istio-system istiod-canary');
  });

  test('uninstalls one revision, then everything', async () => {
    const canary = await run('uninstall', '--revision', 'canary');
    expect(canary).toMatchObject({ code: 0, errors: '' });
    const left = await everything();
    expect(left.filter((line) => line.includes('canary'))).toEqual([]);
    expect(left).toContain('Deployment istio-system istiod');
    expect(await run('uninstall')).toMatchObject({ code: 0, errors: '' });
    expect((await everything()).filter((line) => /istio/.test(line) && !/^CustomResourceDefinition|^Namespace/.test(line))).toEqual([]);
    expect(await run('uninstall', '--purge')).toMatchObject({ code: 0, errors: '' });
    expect((await everything()).filter((line) => /istio/.test(line))).toEqual([]);
    expect((await run('uninstall', '--purge')).lines).toEqual(['nothing is installed']);
  });

  test.each(['default', 'minimal', 'empty', 'preview', 'remote'])('installs and uninstalls the profile %s', async (profile) => {
    const before = await everything();
    const installed = await run('install', '--set', `profile=${profile}`, ...(profile === 'remote' ? remote : []));
    expect(installed).toMatchObject({ code: 0, errors: '' });
    expect(await run('uninstall')).toMatchObject({ code: 0, errors: '' });
    const isShared = (line: string) => /^CustomResourceDefinition|^Namespace/.test(line);
    expect((await everything()).filter((line) => !isShared(line))).toEqual(before.filter((line) => !isShared(line)));
  });

  test('leaves a namespace that was there before', async () => {
    await run('uninstall', '--purge');
    await cluster.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } });
    expect(await run('install', '--set', 'profile=minimal', '--set', 'values.global.network=west')).toMatchObject({ code: 0 });
    const namespace = await cluster.http.call('/api/v1/namespaces/istio-system');
    expect(namespace.body).toMatchObject({ metadata: { labels: { 'topology.istio.io/network': 'west' } } });
    expect(await run('uninstall', '--purge')).toMatchObject({ code: 0, errors: '' });
    expect(await everything()).toContain('Namespace <none> istio-system');
  });

  test('says in a sentence what keeps it from installing', async () => {
    const wrong = await run('install', '--set', 'values.pilot.autoscaelMin=2');
    expect(wrong).toMatchObject({ code: 1, lines: [], errors: expect.stringContaining('did you mean "autoscaleMin"?') });
    const unreachable = await runCoxswain(['install', '--kubeconfig', '/nowhere']);
    expect(unreachable).toMatchObject({ code: 1, lines: [] });
    expect(unreachable.errors.split('\n')).toHaveLength(2);
  });
});

function objectsOf(...set: readonly string[]): readonly KubeObject[] {
  return allObjects(buildManifest(resolveInstallation(readSettings({ files: [], set }))));
}

/** Every single right: `get networking.istio.io gateways`, and the object where it is for one alone. */
function grants(rules: readonly Rule[]): readonly string[] {
  const all = rules.flatMap(({ apiGroups = [], resources = [], resourceNames = [], verbs }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) => resources.map((resource) => [verb, group, resource, ...resourceNames].join(' ').trim())),
    ),
  );
  return [...new Set(all)].sort();
}

/** Any certificate authority that an API server believes to be one. */
async function caOf(cluster: KubeCluster): Promise<string> {
  const { data } = await cluster.http.json<{ readonly data: Readonly<Record<string, string>> }>(
    '/api/v1/namespaces/default/configmaps/kube-root-ca.crt',
  );
  return data['ca.crt'] ?? '';
}
