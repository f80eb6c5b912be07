import fc from 'fast-check';
import { headerNames } from './names.ts';

type Json = Readonly<Record<string, unknown>>;

/** What applications answer with, every time; one of them twice. */
export const backendHeaders = [
  ['x-served', 'origin'],
  ['x-internal', 'secret'],
  ['x-twice', '1'],
  ['x-twice', '2'],
] as const;

const requestNames = ['x-user', 'X-Mode', 'x-set', 'X-Add', 'user-agent'] as const;
const responseNames = ['x-served', 'X-Internal', 'x-twice', 'x-set', 'X-Add'] as const;

/** Headers that clients send, some of which rules change. */
export const clientHeaderNames = [...headerNames, 'x-set', 'X-Add', 'User-Agent'] as const;

/** Headers that rules change: what is foreseen of them is compared. */
export const changedNames = {
  request: new Set(requestNames.map((name) => name.toLowerCase())),
  response: new Set(responseNames.map((name) => name.toLowerCase())),
};

function operations(names: readonly string[]): fc.Arbitrary<Json> {
  const name = fc.constantFrom(...names);
  const values = fc.dictionary(name, fc.constantFrom('s', 'two words', 'a,b', 'jason', '', '"x"'), { maxKeys: 2 });
  return fc.record(
    { set: values, add: values, remove: fc.uniqueArray(name, { maxLength: 2 }) },
    { requiredKeys: [] },
  ) as fc.Arbitrary<Json>;
}

/** `headers` of a rule or of a destination. */
export const headers: fc.Arbitrary<Json> = fc.record(
  {
    request: fc.oneof(
      { weight: 4, arbitrary: operations(requestNames) },
      {
        weight: 1,
        arbitrary: fc.constantFrom<Json>({ set: { ':authority': 'by-header.internal' } }, { set: { host: 'By-Host.internal' } }),
      },
    ),
    response: operations(responseNames),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<Json>;
