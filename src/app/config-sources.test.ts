import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { configSources, kubeTarget } from './config-sources.ts';

const options = {};
const inCluster = { KUBERNETES_SERVICE_HOST: '10.0.0.1' };

it('takes the cluster that is named, else that of the environment, but only where no directory is named', () => {
  expect(kubeTarget(options, {})).toBeUndefined();
  expect(kubeTarget(options, inCluster)).toEqual({ kind: 'in-cluster' });
  expect(kubeTarget(options, { ...inCluster, KUBECONFIG: '/a:/b' })).toEqual({ kind: 'kubeconfig', files: ['/a', '/b'] });
  expect(kubeTarget({ ...options, kubeconfig: '/c', context: 'x' }, { KUBECONFIG: '/a' })).toEqual({
    kind: 'kubeconfig',
    files: ['/c'],
    context: 'x',
  });
  expect(kubeTarget({ ...options, config: ['d'] }, { ...inCluster, KUBECONFIG: '/a' })).toBeUndefined();
  expect(kubeTarget({ ...options, config: ['d'], kubeconfig: '/c' }, {})).toEqual({ kind: 'kubeconfig', files: ['/c'] });
});

it('says in one sentence what is missing', async () => {
  const sentence = (more: object, env = {}) =>
    configSources({ ...options, ...more }, env, new FakeClock()).then(
      () => 'it started',
      (error: unknown) => (error as Error).message,
    );
  expect(await sentence({})).toMatch(
    /^nothing to serve: name a directory of YAML with --config, a cluster with --kubeconfig, or a --registry$/,
  );
  expect(await sentence({ kubeconfig: '/nowhere/config' })).toBe('there is no kubeconfig /nowhere/config');
  const empty = join(mkdtempSync(join(tmpdir(), 'coxswain-kube-')), 'config');
  writeFileSync(empty, '{}');
  expect(await sentence({ kubeconfig: empty })).toMatch(/^cannot use the kubeconfig .*: /);
});

it('lets directories count before the cluster', async () => {
  const { sources, cluster } = await configSources({ ...options, config: ['somewhere'] }, {}, new FakeClock());
  expect(sources.map(({ name }) => name)).toEqual(['files']);
  expect(cluster).toBeUndefined();
});
