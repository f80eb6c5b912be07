import { isDeepStrictEqual } from 'node:util';
import { parseAllDocuments } from 'yaml';
import { Engine } from '../../../src/incremental/engine.ts';
import { ingressConfig } from '../../../src/mesh/cells/ingresses.ts';
import { settingsOf } from '../../../src/mesh/traffic-policy/rule-fixture.ts';
import { type ConfigObject, objectKey } from '../../../src/model/config-object.ts';
import { formatIssue, type Issue } from '../../../src/model/issue.ts';
import { defaultMeshConfig } from '../../../src/schema/mesh-config/default-mesh-config.ts';
import type { KindName, ObjectOf } from '../../../src/schema/spec-by-kind.ts';
import { parseTexts } from '../../harness/text-source.ts';
import { readCases } from '../data-folder.ts';
import type { Suite } from '../suite.ts';

interface IngressCase {
  readonly name: string;
  readonly domainSuffix: string;
  readonly input: string;
  readonly expectedConfig: string;
}

/** Istio's own cases of Ingress: what Gateways and VirtualServices they come to. */
export const ingressSuite: Suite = {
  name: 'ingress',
  casesIn: (data) =>
    readCases<IngressCase>(data, 'ingress').map((given) => ({
      name: given.name,
      disagreements: async () => differences(convert(given), expectedOf(given)),
    })),
};

/** What Istio's cases do not state is that the mesh takes Ingresses without a class. */
function convert({ input, domainSuffix }: IngressCase): readonly object[] {
  const engine = new Engine();
  const issues: Issue[] = [];
  const objects = parseTexts(input, issues).map(({ object }) => object);
  const errors = issues.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new Error(errors.map(formatIssue).join('; '));
  const tableOf = <K extends KindName>(kind: K) =>
    engine.constantMap(
      new Map(objects.filter((object) => object.kind === kind).map((object) => [objectKey(object), object as ObjectOf<K>])),
    );
  const settings = { ...settingsOf(), domainSuffix, config: { ...defaultMeshConfig, ingressControllerMode: 'DEFAULT' as const } };
  const tables = {
    objects: tableOf('Ingress'),
    classes: tableOf('IngressClass'),
    services: tableOf('Service'),
    gatewayNamespace: 'istio-system',
  };
  const made = ingressConfig(engine, tables, engine.constant(settings));
  return [...made.virtualServices.get().values(), ...made.gateways.get().values()].map(document);
}

function expectedOf({ expectedConfig }: IngressCase): readonly object[] {
  return parseAllDocuments(expectedConfig).flatMap((each) => {
    const json: unknown = 'toJS' in each ? each.toJS() : undefined;
    return typeof json === 'object' && json !== null ? [json] : [];
  });
}

function document({ apiVersion, kind, name, namespace, annotations, spec }: ConfigObject): object {
  return { apiVersion, kind, metadata: { name, namespace, ...(Object.keys(annotations).length > 0 && { annotations }) }, spec };
}

function differences(have: readonly object[], want: readonly object[]): readonly string[] {
  const has = (list: readonly object[], one: object) => list.some((each) => isDeepStrictEqual(each, one));
  return [
    ...want.filter((one) => !has(have, one)).map((one) => `missing ${JSON.stringify(one)}`),
    ...have.filter((one) => !has(want, one)).map((one) => `unexpected ${JSON.stringify(one)}`),
    ...(have.length === want.length ? [] : [`${have.length} objects instead of ${want.length}`]),
  ];
}
