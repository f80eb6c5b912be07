import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { Engine } from '../../src/incremental/engine.ts';
import { ingressConfig } from '../../src/mesh/cells/ingresses.ts';
import { settingsOf } from '../../src/mesh/traffic-policy/rule-fixture.ts';
import { type ConfigObject, objectKey } from '../../src/model/config-object.ts';
import type { Issue } from '../../src/model/issue.ts';
import { defaultMeshConfig } from '../../src/schema/mesh-config/default-mesh-config.ts';
import type { KindName, ObjectOf } from '../../src/schema/spec-by-kind.ts';
import { parseTexts } from '../harness/text-source.ts';

// Istio's own cases of Ingress: what Gateways and VirtualServices they come to.
interface Case {
  readonly name: string;
  readonly domainSuffix: string;
  readonly input: string;
  readonly expectedConfig: string;
}

const folder = join(process.env['COXSWAIN_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/conformance'), 'ingress');
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];
const cases = files.sort().map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case);

/** What Istio's cases do not state is that the mesh takes Ingresses without a class. */
function convert({ input, domainSuffix }: Case): readonly object[] {
  const engine = new Engine();
  const issues: Issue[] = [];
  const objects = parseTexts(input, issues).map(({ object }) => object);
  expect(issues.filter(({ severity }) => severity === 'error')).toEqual([]);
  const tableOf = <K extends KindName>(kind: K) =>
    engine.constantMap(
      new Map(objects.filter((object) => object.kind === kind).map((object) => [objectKey(object), object as ObjectOf<K>])),
    );
  const settings = { ...settingsOf(), domainSuffix, config: { ...defaultMeshConfig, ingressControllerMode: 'DEFAULT' as const } };
  const made = ingressConfig(
    engine,
    {
      objects: tableOf('Ingress'),
      classes: tableOf('IngressClass'),
      services: tableOf('Service'),
      gatewayNamespace: 'istio-system',
    },
    engine.constant(settings),
  );
  return [...made.virtualServices.get().values(), ...made.gateways.get().values()].map(document);
}

function document({ apiVersion, kind, name, namespace, annotations, spec }: ConfigObject): object {
  return { apiVersion, kind, metadata: { name, namespace, ...(Object.keys(annotations).length > 0 && { annotations }) }, spec };
}

function byName(a: object, b: object): number {
  return JSON.stringify(nameOf(a)) < JSON.stringify(nameOf(b)) ? -1 : 1;
}

function nameOf(json: object): unknown {
  const { kind, metadata } = json as { readonly kind: string; readonly metadata: { readonly name: string; readonly namespace: string } };
  return [kind, metadata.namespace, metadata.name];
}

describe.skipIf(cases.length === 0)('conformance/ingress', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const expected = parseAllDocuments(one.expectedConfig).flatMap((each) => {
      const json: unknown = 'toJS' in each ? each.toJS() : undefined;
      return typeof json === 'object' && json !== null ? [json] : [];
    });
    expect([...convert(one)].sort(byName)).toEqual(expected.sort(byName));
  });
});
