import type {
  CelRule,
  Field,
  FieldShape,
  ListShape,
  MapShape,
  NumberShape,
  ObjectShape,
  OneOf,
  StringShape,
} from '../../schema/field/field.ts';

/** A schema of OpenAPI v3 in the form that CustomResourceDefinitions take ("structural"). */
export type OpenApi = Readonly<Record<string, unknown>>;

/**
 * What an API server checks of a field. Where it cannot check what our own validation checks (a duration's syntax without a
 * limit, keys of maps) it is the wider one, so that nothing is refused that we would take. Numbers as text and snake_case
 * names are the exception: proto's JSON allows them, API servers do not, and Istio's definitions neither.
 */
export function openApiOf(field: Field): OpenApi {
  const rules = [...implied(field), ...(field.rules ?? [])];
  const schema = shapeOf(field);
  return rules.length === 0 ? schema : { ...schema, 'x-kubernetes-validations': rules.map(({ rule, message }) => ({ rule, message })) };
}

const anything = { 'x-kubernetes-preserve-unknown-fields': true } as const;
const intOrString = { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true } as const;

function shapeOf(field: FieldShape): OpenApi {
  switch (field.type) {
    case 'string':
      return stringSchema(field);
    case 'choice':
      return { type: 'string', enum: field.values };
    case 'bool':
      return { type: 'boolean' };
    case 'number':
      return numberSchema(field);
    case 'duration':
    case 'bytes':
      return { type: 'string' };
    case 'quantity':
    case 'intOrString':
      return intOrString;
    case 'list':
      return listSchema(field);
    case 'map':
      return mapSchema(field);
    case 'object':
      return objectSchema(field);
    case 'struct':
      return { type: 'object', ...anything };
    // A structure that contains itself has no structural schema.
    case 'lazy':
    case 'anyValue':
      return anything;
  }
}

function stringSchema({ minLength, maxLength, check }: StringShape): OpenApi {
  return { type: 'string', ...defined({ minLength, maxLength, pattern: check?.pattern }) };
}

const uint32Max = 4294967295;

function numberSchema(field: NumberShape): OpenApi {
  const type = field.integer ? 'integer' : 'number';
  if (isPort(field)) return { type, minimum: 0, maximum: uint32Max };
  const isBounded = (limit: number) => Number.isFinite(limit) && Math.abs(limit) !== Number.MAX_SAFE_INTEGER;
  const isInt32 = field.min === -2147483648 && field.max === 2147483647;
  if (isInt32) return { type, format: 'int32' };
  return { type, ...(isBounded(field.min) && { minimum: field.min }), ...(isBounded(field.max) && { maximum: field.max }) };
}

function isPort(field: NumberShape): boolean {
  return field.integer && field.min === 1 && field.max === 65535;
}

function listSchema({ item, minItems, maxItems, keys }: ListShape): OpenApi {
  const map = keys && { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': keys };
  return { type: 'array', ...defined({ minItems, maxItems }), items: openApiOf(item), ...map };
}

function mapSchema({ value, minEntries, maxEntries }: MapShape): OpenApi {
  return { type: 'object', ...defined({ minProperties: minEntries, maxProperties: maxEntries }), additionalProperties: openApiOf(value) };
}

function objectSchema({ fields, oneOf }: ObjectShape): OpenApi {
  const names = Object.keys(fields);
  const required = names.filter((name) => fields[name]!.required);
  return {
    type: 'object',
    ...(required.length > 0 && { required }),
    ...(names.length > 0 && { properties: Object.fromEntries(names.map((name) => [name, openApiOf(fields[name]!)])) }),
    ...(oneOf.length === 1 && exclusive(oneOf[0]!)),
    ...(oneOf.length > 1 && { allOf: oneOf.map(exclusive) }),
  };
}

function exclusive({ fields, required }: OneOf): OpenApi {
  const each = fields.map((name) => ({ required: [name] }));
  return { oneOf: required ? each : [{ not: { anyOf: each } }, ...each] };
}

/** Rules that follow from the kind of field, with Istio's messages. */
function implied(field: FieldShape): readonly CelRule[] {
  if (field.type === 'number' && isPort(field)) return [{ rule: '0 < self && self <= 65535', message: 'port must be between 1-65535' }];
  if (field.type !== 'duration' || field.minMs === undefined) return [];
  const message = field.minMs === 1 ? 'must be a valid duration greater than 1ms' : `must be a duration of at least ${field.minMs}ms`;
  return [{ rule: `duration(self) >= duration('${field.minMs}ms')`, message }];
}

function defined(members: Readonly<Record<string, unknown>>): OpenApi {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));
}
