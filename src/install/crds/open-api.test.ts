import { describe, expect, it } from 'vitest';
import { anyValue, list, map, object, required, struct, withRules } from '../../schema/field/composites.ts';
import { bool, bytes, choice, duration, int32, intOrString, number, string, uint32 } from '../../schema/field/scalars.ts';
import { apiGroup } from '../../schema/parts/name-checks.ts';
import { openApiOf } from './open-api.ts';

describe('openApiOf', () => {
  it.each([
    ['a text with limits', string({ minLength: 1, maxLength: 5 }), { type: 'string', minLength: 1, maxLength: 5 }],
    ['an enum', choice(['A', 'B']), { type: 'string', enum: ['A', 'B'] }],
    ['a bool', bool(), { type: 'boolean' }],
    ['32 bits', int32(), { type: 'integer', format: 'int32' }],
    ['32 bits without a sign', uint32(), { type: 'integer', minimum: 0, maximum: 4294967295 }],
    ['a number without limits', number(), { type: 'number' }],
    ['bytes', bytes(), { type: 'string' }],
    ['a number or text', intOrString(), { anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true }],
    ['free JSON', anyValue(), { 'x-kubernetes-preserve-unknown-fields': true }],
    ['a free object', struct(), { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }],
    ['a map', map(bool(), { minEntries: 1 }), { type: 'object', minProperties: 1, additionalProperties: { type: 'boolean' } }],
  ])('%s', (_name, field, schema) => {
    expect(openApiOf(field)).toEqual(schema);
  });

  it('takes over a check that is a pattern', () => {
    expect(openApiOf(string({ check: apiGroup }))).toEqual({ type: 'string', pattern: apiGroup.pattern });
    expect(apiGroup.pattern).toContain('a-z0-9');
  });

  it('says in words what a duration or a port must be', () => {
    expect(openApiOf(duration())).toEqual({ type: 'string' });
    expect(openApiOf(duration({ minMs: 1 }))).toMatchObject({
      'x-kubernetes-validations': [{ rule: "duration(self) >= duration('1ms')", message: 'must be a valid duration greater than 1ms' }],
    });
    expect(openApiOf(uint32({ min: 1, max: 65535 }))).toMatchObject({
      maximum: 4294967295,
      'x-kubernetes-validations': [{ message: 'port must be between 1-65535' }],
    });
  });

  it('lists what an object must have, and excludes what may not be together', () => {
    const shape = object({ a: required(list(bool(), { keys: ['x'] })), b: bool(), c: bool() }, { atMostOneOf: [['b', 'c']] });
    expect(openApiOf(shape)).toEqual({
      type: 'object',
      required: ['a'],
      properties: {
        a: { type: 'array', items: { type: 'boolean' }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['x'] },
        b: { type: 'boolean' },
        c: { type: 'boolean' },
      },
      oneOf: [{ not: { anyOf: [{ required: ['b'] }, { required: ['c'] }] } }, { required: ['b'] }, { required: ['c'] }],
    });
  });

  it('keeps several groups of exclusive fields apart', () => {
    const fields = { a: bool(), b: bool(), c: bool(), d: bool() };
    const { allOf, oneOf } = openApiOf(object(fields, { atMostOneOf: [['a', 'b']], exactlyOneOf: [['c', 'd']] }));
    expect(oneOf).toBeUndefined();
    expect(allOf).toEqual([
      { oneOf: [{ not: { anyOf: [{ required: ['a'] }, { required: ['b'] }] } }, { required: ['a'] }, { required: ['b'] }] },
      { oneOf: [{ required: ['c'] }, { required: ['d'] }] },
    ]);
  });

  it('carries the rules of a field, after those that follow from it', () => {
    const rule = { rule: 'self != "1s"', message: 'not that' };
    const rules = openApiOf(withRules(duration({ minMs: 1 }), [rule]))['x-kubernetes-validations'];
    expect(rules).toEqual([expect.objectContaining({ message: 'must be a valid duration greater than 1ms' }), rule]);
  });
});
