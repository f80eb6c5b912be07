import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { anyValue, lazy, list, map, object, required, struct } from './composites.ts';
import type { Field, Infer } from './field.ts';
import { parseSpec } from './parse.ts';
import { bool, bytes, choice, duration, int, intOrString, number, quantity, string } from './scalars.ts';

const destination = object({
  host: string({ required: true, minLength: 1 }),
  subset: string(),
  port: object({ number: int({ min: 0, max: 65535 }) }),
});
const route = object(
  {
    destination: required(destination),
    weight: int({ min: 0 }),
    timeout: duration({ minMs: 1 }),
    mode: choice(['SIMPLE', 'MUTUAL']),
    headers: map(string()),
    ratio: number({ min: 0, max: 1 }),
    match: object({ exact: string(), prefix: string(), regex: string() }, { atMostOneOf: [['exact', 'prefix', 'regex']] }),
    on: bool(),
    extra: struct(),
    value: anyValue(),
    port: intOrString(),
    memory: quantity(),
    data: bytes(),
    caCertCredentialName: string(),
  },
  { atMostOneOf: [['ratio', 'on']] },
);
const spec = object({ http: list(route, { minItems: 1, maxItems: 3 }), exportTo: list(string()) });

function issuesOf(value: unknown) {
  return parseSpec(spec, value).issues.map((i) => `${i.severity} ${i.path?.join('.')}: ${i.message}${i.hint ? ` (${i.hint})` : ''}`);
}
const one = (fields: object) => ({ http: [{ destination: { host: 'a' }, ...fields }] });

describe('parseSpec', () => {
  it('infers readonly types in which only required fields are certain', () => {
    expectTypeOf<Infer<typeof destination>>().toEqualTypeOf<{
      readonly host: string;
      readonly subset?: string;
      readonly port?: { readonly number?: number };
    }>();
    expectTypeOf<Infer<typeof spec>['http']>().toEqualTypeOf<readonly Infer<typeof route>[] | undefined>();
    expectTypeOf<Infer<typeof route>['mode']>().toEqualTypeOf<'SIMPLE' | 'MUTUAL' | undefined>();
  });

  it('keeps what is present and leaves absent what is absent or null', () => {
    const value = one({ weight: 0, timeout: '1h5ms', on: false, mode: null, headers: { a: '' } });
    expect(parseSpec(spec, value)).toEqual({
      value: { http: [{ destination: { host: 'a' }, weight: 0, timeout: '1h5ms', on: false, headers: { a: '' } }] },
      issues: [],
    });
    expect(Object.keys(parseSpec(spec, value).value!.http![0]!)).not.toContain('mode');
  });

  it('accepts snake_case names and numbers as text in proto JSON only', () => {
    const value = { http: [{ destination: { host: 'a' }, weight: '5', ca_cert_credential_name: 'x' }], export_to: ['.'] };
    expect(parseSpec(spec, value).value).toEqual({
      http: [{ destination: { host: 'a' }, weight: 5, caCertCredentialName: 'x' }],
      exportTo: ['.'],
    });
    const strict = parseSpec(spec, value, ['spec'], 'crd').issues.map((i) => `${i.severity} ${i.path?.join('.')}`);
    expect(strict).toEqual(['error spec.http.0.weight', 'warning spec.http.0.ca_cert_credential_name', 'warning spec.export_to']);
  });

  it('drops unknown fields with a warning and says what was meant', () => {
    const parsed = parseSpec(spec, { http: [{ destination: { host: 'a', timout: 1 }, timeuot: '5s', subset: 'v1', exportTo: [] }] });
    expect(parsed.value).toEqual({ http: [{ destination: { host: 'a' } }] });
    expect(parsed.issues.map((i) => [i.severity, i.path?.join('.'), i.hint])).toEqual([
      ['warning', 'spec.http.0.destination.timout', undefined],
      ['warning', 'spec.http.0.timeuot', 'did you mean "timeout"?'],
      ['warning', 'spec.http.0.subset', '"subset" is a field of "destination"'],
      ['warning', 'spec.http.0.exportTo', '"exportTo" is a field of "spec"'],
    ]);
    expect(parseSpec(spec, { nothing: 1 }, ['spec'], 'lenient')).toEqual({ value: {}, issues: [] });
  });

  it.each([
    [one({ weight: 1.5 }), 'error spec.http.0.weight: must be a whole number, not 1.5'],
    [one({ weight: -1 }), 'error spec.http.0.weight: must be at least 0, not -1'],
    [one({ ratio: 1.1 }), 'error spec.http.0.ratio: must be at most 1, not 1.1'],
    [one({ timeout: '5' }), 'error spec.http.0.timeout: must be a duration such as 5s or 100ms, not the text "5"'],
    [one({ timeout: '1us' }), 'error spec.http.0.timeout: must be at least 1ms'],
    [one({ mode: 'SIMPEL' }), 'error spec.http.0.mode: must be one of SIMPLE, MUTUAL, not the text "SIMPEL" (did you mean "SIMPLE"?)'],
    [one({ headers: { a: 1 } }), 'error spec.http.0.headers.a: must be a text, not 1'],
    [one({ headers: [] }), 'error spec.http.0.headers: must be a map, not a list'],
    [
      one({ match: { exact: 'a', regex: '' } }),
      'error spec.http.0.match: only one of exact, prefix, regex may be set, not exact and regex',
    ],
    [one({ on: 'true' }), 'error spec.http.0.on: must be true or false, not the text "true"'],
    [one({ data: '*' }), 'error spec.http.0.data: must be base64 text'],
    [one({ memory: 'x' }), 'error spec.http.0.memory: must be a quantity such as 500m or 1Gi, not the text "x"'],
    [{ http: [{}] }, 'error spec.http.0.destination: is required'],
    [{ http: [null] }, 'error spec.http.0: must be an object, not null'],
    [{ http: [{ destination: { host: '' } }] }, 'error spec.http.0.destination.host: must not be empty'],
    [{ http: [] }, 'error spec.http: must have at least 1 item'],
    [{ exportTo: ['a'], export_to: ['b'] }, 'error spec.export_to: is given twice, as "exportTo" too'],
    [7, 'error spec: must be an object, not 7'],
  ])('refuses %j', (value, message) => {
    expect(issuesOf(value)).toEqual([message]);
    expect(parseSpec(spec, value).value).toBeUndefined();
  });

  it('gives no key a special meaning', () => {
    const value = JSON.parse(
      '{"http":[{"destination":{"host":"a"},"headers":{"__proto__":"x","constructor":"y"},"extra":{"__proto__":{"a":1}}}]}',
    );
    const parsed = parseSpec(spec, value).value!.http![0]!;
    expect(Object.keys(parsed.headers!)).toEqual(['__proto__', 'constructor']);
    expect(JSON.stringify(parsed.extra)).toBe('{"__proto__":{"a":1}}');
    expect(issuesOf(JSON.parse('{"__proto__":{"http":[]},"constructor":1,"toString":2}'))).toHaveLength(3);
    expect(({} as { a?: number }).a).toBeUndefined();
  });

  it('refuses nesting that would exhaust the stack', () => {
    let deep: unknown = {};
    for (let i = 0; i < 100_000; i++) deep = i % 2 ? { a: deep } : [deep];
    expect(parseSpec(struct(), { deep }).issues).toMatchObject([{ severity: 'error', message: 'is nested too deeply' }]);
  });

  it('follows structures that contain themselves, to a bounded depth', () => {
    interface Tree {
      readonly name?: string;
      readonly children?: readonly Tree[];
    }
    const tree: Field<Tree> = object({ name: string(), children: list(lazy<Tree>(() => tree)) });
    expect(parseSpec(tree, { name: 'a', children: [{ name: 'b' }] }).value).toEqual({ name: 'a', children: [{ name: 'b' }] });
    let deep: Tree = {};
    for (let i = 0; i < 100_000; i++) deep = { children: [deep] };
    expect(parseSpec(tree, deep).issues).toMatchObject([{ message: 'is nested too deeply' }]);
  });

  it('never throws, and a value without issues is stable', () => {
    const keys = fc.constantFrom('http', 'destination', 'host', 'weight', '__proto__', 'extra', 'match', 'exact', 'export_to');
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.jsonValue(),
        fc.array(tie('tree'), { maxLength: 4 }),
        fc.dictionary(keys, tie('tree'), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const first = parseSpec(spec, value);
        expect(first.value === undefined).toBe(first.issues.some((i) => i.severity === 'error'));
        if (first.value !== undefined) expect(parseSpec(spec, first.value)).toEqual({ value: first.value, issues: [] });
      }),
      { numRuns: 200 },
    );
  });
});
