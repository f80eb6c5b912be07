import type { Field } from '../../src/schema/field/field.ts';

/** Other values that a field could have: `undefined` takes it away. Those that its rules refuse are sorted out by who asks. */
export function alterations(field: Field, value: unknown): readonly unknown[] {
  return [undefined, ...others(field, value)];
}

function others(field: Field, value: unknown): readonly unknown[] {
  switch (field.type) {
    case 'choice':
      return field.values.filter((other) => other !== value);
    case 'bool':
      return [value !== true];
    case 'number':
      return [Number(value) + 1, Number(value) - 1, Number(value) / 2, 0, 65537];
    case 'duration':
      return ['7s', '77ms'];
    case 'intOrString':
      return [typeof value === 'number' ? value + 1 : `${String(value)}x`];
    case 'string':
      return texts(String(value));
    case 'bytes':
      return ['AAAA'];
    case 'list':
      return lists(field.item, value);
    case 'map':
      return maps(field.value, value);
    case 'struct':
      return structs(value);
    default:
      return [];
  }
}

/** Words that mean something to some field whose values are texts, though not any text. */
const words = ['*', '10.99.98.97', 'TCP', 'HTTP', 'POST', 'NotIn'];

function texts(value: string): readonly string[] {
  const counted = value.replace(/\d+$/, (digits) => String(Number(digits) + 1));
  return [`${value}x`, `x${value}`, counted, ...words].filter((other) => other !== value);
}

function lists(item: Field, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) return [];
  const shorter = value.map((_, at) => value.filter((__, i) => i !== at));
  const changed = value.flatMap((one, at) => others(item, one).map((other) => value.map((old, i) => (i === at ? other : old))));
  return [...shorter, ...changed];
}

/** One of its members less. */
function structs(value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  return entries.map(([key]) => Object.fromEntries(entries.filter(([other]) => other !== key)));
}

function maps(inner: Field, value: unknown): readonly unknown[] {
  if (typeof value !== 'object' || value === null) return [];
  const entries = Object.entries(value);
  const shorter = entries.map(([key]) => Object.fromEntries(entries.filter(([other]) => other !== key)));
  const changed = entries.flatMap(([key, one]) => others(inner, one).map((other) => ({ ...value, [key]: other })));
  const turned = Object.fromEntries(entries.map(([key], at) => [key, entries[(at + 1) % entries.length]?.[1]]));
  return [...shorter, turned, ...changed];
}
