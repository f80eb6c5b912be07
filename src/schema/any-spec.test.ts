import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Field } from './field/field.ts';
import { parseSpec } from './field/parse.ts';
import { apiVersionOf, kinds } from './kinds.ts';
import { parseObject } from './parse-object.ts';

const texts = fc.oneof(
  fc.constantFrom(
    '',
    'a',
    '*',
    '*.a.com',
    'a.b',
    'a.io/b',
    'ns/a',
    '10.0.0.0/8',
    '::1',
    'unix:///a',
    'unix://',
    'HTTP',
    'TLS',
    '80',
    'outbound_.80_._.a',
    '%A(',
    '/a/{*}',
    'x://y',
    '~',
    '.',
    '__proto__',
  ),
  fc.string({ maxLength: 8 }),
);

/** Values that fit the field's structure, so that every rule behind it is reached. */
function valuesOf(field: Field, depth: number): fc.Arbitrary<unknown> {
  switch (field.type) {
    case 'choice':
      return fc.constantFrom(...field.values);
    case 'bool':
      return fc.boolean();
    case 'number':
      return fc.integer({ min: Math.max(field.min, -10), max: Math.min(field.max, 70_000) });
    case 'duration':
      return fc.constantFrom('1s', '1ms', '1.5ms', '1h');
    case 'quantity':
    case 'intOrString':
      return fc.constantFrom(1, '1');
    case 'bytes':
      return fc.constant('AA==');
    case 'list':
      return fc.array(valuesOf(field.item, depth + 1), { minLength: field.minItems ?? 0, maxLength: Math.min(field.maxItems ?? 2, 2) });
    case 'map':
      return fc.dictionary(texts, valuesOf(field.value, depth + 1), { maxKeys: 2 });
    case 'object':
      return fc.record(Object.fromEntries(Object.entries(field.fields).map(([name, inner]) => [name, valuesOf(inner, depth + 1)])), {
        requiredKeys: Object.keys(field.fields).filter((name) => field.fields[name]!.required),
      });
    case 'lazy':
      return depth > 6 ? fc.constant({}) : valuesOf(field.get(), depth + 1);
    case 'struct':
    case 'anyValue':
      return fc.dictionary(texts, fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 });
    case 'string':
      return texts.filter((text) => text.length >= (field.minLength ?? 0) && field.check?.(text) === undefined);
  }
}

describe('objects of the right structure', () => {
  it.each(kinds.map((kind) => [kind.kind, kind] as const))('%s: every rule answers with issues and never throws', (_name, kind) => {
    let accepted = 0;
    fc.assert(
      fc.property(valuesOf(kind.spec, 0), fc.constantFrom('test', 'a.b'), (spec, name) => {
        const document = { apiVersion: apiVersionOf(kind), kind: kind.documentKind, metadata: { name } };
        const before = JSON.stringify(spec);
        const parsed = parseObject(kind.root === 'body' ? { ...(spec as object), ...document } : { ...document, spec });
        expect(parsed.object === undefined).toBe(parsed.issues.some((issue) => issue.severity === 'error'));
        expect(JSON.stringify(spec)).toBe(before);
        const again = parsed.object ?? parsed.rejected;
        if (!again) return;
        accepted++;
        expect(parseSpec(kind.spec, again.spec, [], kind.dialect)).toEqual({ value: again.spec, issues: [] });
      }),
      { numRuns: 100 },
    );
    expect(accepted).toBeGreaterThan(0);
  });
});
