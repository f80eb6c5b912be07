import { stringify } from 'yaml';
import type { EnvoyProtos, TypedMessage } from '../../src/envoy/protos.ts';
import { compareText } from '../../src/model/config-object.ts';
import type { GoldenCase } from './golden-case.ts';
import { select } from './golden-selector.ts';
import type { ProxyResources } from './reference-check.ts';

/** The outputs that a case is about as one YAML text in Envoy's own field names: a block per selector, resources by name. */
export function printOutputs(protos: EnvoyProtos, resources: ProxyResources, { show, hide }: Pick<GoldenCase, 'show' | 'hide'>): string {
  return show
    .map((selector) => {
      const selected = [...(resources[selector.type] ?? [])]
        .sort(([a], [b]) => compareText(a, b))
        .map(([, resource]) => select(selector, protos.toJson(resource as unknown as TypedMessage, 'proto')))
        .filter((one) => one !== undefined);
      return stringify({ [selector.text]: without(hide, selected) }, { lineWidth: 0, aliasDuplicateObjects: false });
    })
    .join('');
}

function without(fields: ReadonlySet<string>, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item) => without(fields, item));
  if (value === null || typeof value !== 'object') return value;
  const kept = Object.entries(value).filter(([name]) => !fields.has(name));
  return Object.fromEntries(kept.map(([name, member]) => [name, without(fields, member)]));
}
