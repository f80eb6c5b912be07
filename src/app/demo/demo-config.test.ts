import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { DirectorySource } from '../../config/files/directory-source.ts';
import { loadProtos } from '../../envoy/protos.ts';
import { systemClock } from '../../lib/clock.ts';
import { silentLogger } from '../../lib/log.ts';
import { formatIssue } from '../../model/issue.ts';
import { parseObject } from '../../schema/parse-object.ts';
import { createControlPlane } from '../control-plane.ts';
import { appPort, cast, namespace } from './cast.ts';

const stop = new AbortController();
afterAll(() => stop.abort());

const directory = fileURLToPath(new URL('../../../deploy/demo', import.meta.url));
const source = new DirectorySource({ directories: [directory], parseObject, clock: systemClock });
const { config } = createControlPlane({ sources: [source], env: {}, protos: loadProtos(), log: silentLogger });
await config.start(stop.signal);

const sidecars = cast.filter(({ role }) => role === 'sidecar');

describe('deploy/demo', () => {
  it('has nothing wrong', () => {
    expect(config.issues.get().map(formatIssue)).toEqual([]);
  });

  it('has a WorkloadEntry for every workload of the cast, and no other', () => {
    const entries = [...config.table('WorkloadEntry').get().values()];
    const found = entries.map(({ name, spec: { address, labels } }) => ({ name, address, labels }));
    const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1);
    expect(found.sort(byName)).toEqual(sidecars.map(({ name, address, labels }) => ({ name, address, labels })).sort(byName));
  });

  it.each(sidecars)('says where the sidecar of $name listens', ({ name, address, labels, inboundPort, outboundPort }) => {
    const sidecar = config.table('Sidecar').at(`${namespace}/${name}`).get()?.spec;
    expect(labels).toMatchObject(sidecar?.workloadSelector?.labels ?? { unknown: 'sidecar' });
    const [ingress] = sidecar?.ingress ?? [];
    expect(ingress).toMatchObject({ bind: address, port: { number: inboundPort }, defaultEndpoint: `0.0.0.0:${appPort}` });
    const [egress] = sidecar?.egress ?? [];
    if (outboundPort !== undefined) expect(egress).toMatchObject({ bind: address, port: { number: outboundPort } });
  });
});
