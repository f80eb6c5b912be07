import type { Field } from '../../schema/field/field.ts';
import { meshConfig } from '../../schema/mesh-config/mesh-config.ts';
import { isWithoutEffect } from '../values/find-without-effect.ts';

type JsonSchema = Readonly<Record<string, unknown>>;

/** Helm's own: where a chart is a part of another one, and what takes a default away. */
const anywhere = { enabled: { type: ['boolean', 'null'] } } as const;

/** What Helm checks of a chart's values (JSON Schema, draft 7): names and types, as `--set` of `install` does. `null` takes a default away. */
export function valuesSchema(fields: Readonly<Record<string, Field>>, more: readonly string[]): JsonSchema {
  const others = Object.fromEntries(more.map((name) => [name, {}]));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    properties: { ...anywhere, ...propertiesOf(fields), ...others },
    additionalProperties: false,
  };
}

function propertiesOf(fields: Readonly<Record<string, Field>>): JsonSchema {
  return Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, schemaOf(field)]));
}

function schemaOf(field: Field): JsonSchema {
  // What a mesh's configuration does not know is a warning of the control plane, and no error.
  if (field === meshConfig) return { type: ['object', 'null'] };
  if (isWithoutEffect(field)) return { description: 'Changes nothing here.' };
  switch (field.type) {
    // Helm takes `--set env.A=true` for a boolean, and a tag of digits for a number.
    case 'string':
    case 'quantity':
    case 'duration':
    case 'bytes':
      return { type: ['string', 'number', 'boolean', 'null'] };
    case 'choice':
      return { enum: [...field.values, null] };
    case 'bool':
      return { type: ['boolean', 'null'] };
    case 'number':
      return { type: [field.integer ? 'integer' : 'number', 'null'], minimum: field.min, maximum: field.max };
    case 'intOrString':
      return { type: ['integer', 'string', 'null'] };
    case 'list':
      return { type: ['array', 'null'], items: schemaOf(field.item) };
    case 'map':
      return { type: ['object', 'null'], additionalProperties: schemaOf(field.value) };
    case 'object':
      return { type: ['object', 'null'], properties: propertiesOf(field.fields), additionalProperties: false };
    case 'struct':
      return { type: ['object', 'null'] };
    case 'lazy':
    case 'anyValue':
      return {};
  }
}
