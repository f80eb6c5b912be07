import { existsSync, globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { buildCrds, ownKinds } from '../../../src/install/crds/crds.ts';
import { findKind } from '../../../src/schema/kinds.ts';
import { parseObject } from '../../../src/schema/parse-object.ts';
import { definitionsSuite } from '../../conformance/validation/definitions-suite.ts';
import { definitionsServed } from '../../harness/kube/definitions.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';

const root = resolve(import.meta.dirname, '../../..');
const conformance = process.env['COXSWAIN_CONFORMANCE'] ?? resolve(root, '../shared/conformance');

interface Document {
  readonly apiVersion?: string;
  readonly kind?: string;
  readonly metadata?: { readonly name?: string };
  readonly spec?: unknown;
}

interface Definition {
  readonly status?: { readonly conditions?: readonly { readonly type: string; readonly status: string; readonly message: string }[] };
}

describeNeeding(['kube', 'openssl'], 'our CustomResourceDefinitions in a real API server', () => {
  let cluster: KubeCluster;

  beforeAll(async () => {
    cluster = await KubeCluster.start({ controllers: false });
    await cluster.apply(...buildCrds());
    await definitionsServed(cluster);
  });
  afterAll(() => cluster?.stop());

  async function conditions(name: string): Promise<readonly string[]> {
    const { status } = await cluster.http.json<Definition>(`/apis/apiextensions.k8s.io/v1/customresourcedefinitions/${name}`);
    return (status?.conditions ?? []).filter((condition) => condition.status === 'True').map(({ type }) => type);
  }

  /** Undefined where the API server would take the object, else what it says. */
  async function refusal(document: Document): Promise<string | undefined> {
    const kind = findKind(document.apiVersion ?? '', document.kind ?? '');
    if (!kind) throw new Error(`unknown kind ${document.apiVersion} ${document.kind}`);
    const within = kind.scope === 'Namespaced' ? '/namespaces/default' : '';
    const path = `/apis/${document.apiVersion}${within}/${kind.plural}?dryRun=All&fieldValidation=Strict`;
    const body = { ...document, metadata: { ...document.metadata, namespace: undefined, name: undefined, generateName: 'any-' } };
    const { status, body: answer } = await cluster.http.call(path, { method: 'POST', body });
    return status === 201 ? undefined : String((answer as { readonly message?: string }).message);
  }

  const isOwn = ({ apiVersion = '', kind = '' }: Document) => ownKinds.some((own) => own === findKind(apiVersion, kind));
  const documentsOf = (text: string) => parseAllDocuments(text).map((document) => (document.toJS() ?? {}) as Document);

  it('are served, with structural schemas', async () => {
    for (const { plural, group } of ownKinds) {
      const found = await conditions(`${plural}.${group}`);
      expect(found, plural).toEqual(expect.arrayContaining(['Established', 'NamesAccepted']));
      expect(found, plural).not.toContain('NonStructuralSchema');
    }
  });

  it('show the columns and names that scripts rely on', async () => {
    const service = { apiVersion: 'networking.istio.io/v1', kind: 'VirtualService', metadata: { name: 'a' }, spec: { hosts: ['a'] } };
    await cluster.apply(service);
    const table = await cluster.kubectl(['get', 'vs', '-o', 'wide']);
    expect(table.split('\n')[0]?.split(/\s{2,}/)).toEqual(['NAME', 'GATEWAYS', 'HOSTS', 'AGE']);
    expect(await cluster.kubectl(['get', 'networking-istio-io', '-o', 'name'])).toBe('virtualservice.networking.istio.io/a\n');
  });

  it('keep a status apart from the spec', async () => {
    const path = '/apis/networking.istio.io/v1/namespaces/default/serviceentries/b';
    await cluster.apply({ apiVersion: 'networking.istio.io/v1', kind: 'ServiceEntry', metadata: { name: 'b' }, spec: { hosts: ['b.c'] } });
    const status = { conditions: [{ type: 'Programmed', status: 'False' }], addresses: [{ value: '240.240.0.1' }] };
    const written = { method: 'PATCH', contentType: 'application/merge-patch+json', body: { spec: { hosts: ['no'] }, status } } as const;
    expect((await cluster.http.call(`${path}/status`, written)).body).toMatchObject({ spec: { hosts: ['b.c'] }, status });
  });

  it('accept what our own validation accepts: every object of the golden cases', async () => {
    const files = globSync('test/golden/cases/**/*.in.yaml', { cwd: root });
    const refused: string[] = [];
    let count = 0;
    for (const file of files) {
      for (const document of documentsOf(readFileSync(join(root, file), 'utf8')).filter(isOwn)) {
        if (!parseObject(document).object) continue;
        count++;
        const why = await refusal(document);
        if (why !== undefined) refused.push(`${file}: ${why}`);
      }
    }
    expect(refused).toEqual([]);
    expect(count).toBeGreaterThan(80);
  });

  describe.skipIf(!existsSync(conformance))('conformance', () => {
    it('accept every sample of Istio', async () => {
      const refused: string[] = [];
      let count = 0;
      for (const file of globSync('samples/files/**/*.yaml', { cwd: conformance })) {
        for (const document of documentsOf(readFileSync(join(conformance, file), 'utf8')).filter(isOwn)) {
          count++;
          const why = await refusal(document);
          if (why !== undefined) refused.push(`${file}: ${why}`);
        }
      }
      expect(refused).toEqual([]);
      expect(count).toBeGreaterThan(0);
    });

    const ask = (text: string) => cluster.kubectl(['create', '--dry-run=server', '-f', '-'], text).then(() => '', String);
    it.each(definitionsSuite(ask).casesIn(conformance))('judge as those of Istio: $name', async ({ disagreements }) => {
      expect(await disagreements()).toEqual([]);
    });
  });
});
