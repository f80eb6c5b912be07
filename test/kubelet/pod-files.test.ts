import { mkdtemp, readdir, readFile, readlink, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { writeAtomically } from './atomic-folder.ts';
import { containerEnv, expand } from './container-env.ts';
import type { Pod, Service } from './kube-objects.ts';
import { backendsOf, hostLines } from './service-names.ts';

const place = { podIP: '10.244.1.7', hostIP: '10.244.1.1', nodeName: 'node' };
const metadata = { name: 'pod', namespace: 'shop', labels: { app: 'a' } };

describe('variables of a container', () => {
  test('$(NAME) is what stands before, $$ is a dollar, unknown ones stay', () => {
    expect(expand('$(A)-$$(A)-$(B)', { A: '1' })).toBe('1-$(A)-$(B)');
  });

  test('come from everywhere, in their order', () => {
    const container = {
      name: 'c',
      image: 'i',
      envFrom: [{ prefix: 'P_', configMapRef: { name: 'map' } }],
      env: [
        { name: 'IP', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
        { name: 'APP', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'secret', key: 'k' } } },
        { name: 'NONE', valueFrom: { secretKeyRef: { name: 'other', key: 'k', optional: true } } },
        { name: 'ALL', value: '$(P_a) $(IP)' },
      ],
    };
    const pod: Pod = { metadata, spec: { containers: [container] } };
    const sources = {
      configMap: () => ({ metadata, data: { a: 'b' } }),
      secret: (name: string) => (name === 'secret' ? { metadata, data: { k: Buffer.from('word').toString('base64') } } : undefined),
    };
    const expected = { P_a: 'b', IP: '10.244.1.7', APP: 'a', SECRET: 'word', ALL: 'b 10.244.1.7' };
    expect(containerEnv(pod, container, place, sources)).toEqual(expected);
    expect(() => containerEnv(pod, container, place, { ...sources, configMap: () => undefined })).toThrow('ConfigMap map is not there');
  });
});

describe('names and addresses of Services', () => {
  const service = (name: string, clusterIP: string): Service => ({
    metadata: { name, namespace: 'shop' },
    spec: { clusterIP, ports: [{ name: 'http', port: 80 }] },
  });
  const slice = (name: string) => ({
    metadata: { name: `${name}-x`, namespace: 'shop', labels: { 'kubernetes.io/service-name': name } },
    ports: [{ name: 'http', port: 8080 }],
    endpoints: [
      { addresses: ['10.244.1.9'], conditions: { ready: true } },
      { addresses: ['10.244.1.8'], conditions: { ready: false } },
    ],
  });

  test('a port leads to ready endpoints at their own port', () => {
    expect(backendsOf(service('a', '10.96.1.2'), 80, [slice('a'), slice('b')])).toEqual([{ address: '10.244.1.9', port: 8080 }]);
    expect(backendsOf(service('a', '10.96.1.2'), 81, [slice('a')])).toEqual([]);
  });

  test('short names are for the own namespace; headless Services have the addresses of ready endpoints', () => {
    const services = [service('a', '10.96.1.2'), service('b', 'None')];
    expect(hostLines('shop', services, [slice('b')])).toBe(
      '10.244.1.9 b.shop b.shop.svc b.shop.svc.cluster.local b\n10.96.1.2 a.shop a.shop.svc a.shop.svc.cluster.local a\n',
    );
    expect(hostLines('other', services.slice(0, 1), [])).toBe('10.96.1.2 a.shop a.shop.svc a.shop.svc.cluster.local\n');
  });
});

describe('the folder of a volume', () => {
  let folder = '';
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'coxswain-volume-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  test('changes in one step, and keeps nothing of before', async () => {
    await writeAtomically(
      folder,
      new Map([
        ['a', '1'],
        ['b/c', '2'],
      ]),
    );
    const before = await readlink(join(folder, '..data'));
    expect(await readFile(join(folder, 'b', 'c'), 'utf8')).toBe('2');
    await writeAtomically(folder, new Map([['a', '3']]));
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('3');
    const after = await readlink(join(folder, '..data'));
    expect(after).not.toBe(before);
    expect((await readdir(folder)).sort()).toEqual(['..data', after, 'a'].sort());
  });
});
