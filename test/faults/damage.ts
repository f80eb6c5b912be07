import { serviceEntry } from '../../src/config/files/directory-fixture.ts';

/** One way to damage a file of configuration: the damaged text for a number, and what must be said about it. */
export interface Damage {
  readonly name: string;
  /** `number` is 0 to 3: four files each. */
  readonly make: (number: number) => string | Buffer;
  /** Code and, where every file of the kind has the same, `line:column`. */
  readonly code: string;
  readonly place?: RegExp;
  readonly extension?: string;
}

const good = (number: number) => serviceEntry(`bad-${number}`, `bad-${number}.test`);
const megabyte = 1024 * 1024;

/** A list of lists, ten references each: 10^9 values. */
const bomb = `x0: &x0 [lol]\n${Array.from({ length: 9 }, (_, i) => `x${i + 1}: &x${i + 1} [${`*x${i},`.repeat(10).slice(0, -1)}]\n`).join('')}`;

const deep = [
  '['.repeat(20_000),
  '? '.repeat(20_000),
  '- '.repeat(20_000),
  Array.from({ length: 900 }, (_, i) => `${' '.repeat(i)}a:\n`).join(''),
];

const wrongTypes: readonly [string, string][] = [
  ['number: 80', 'number: eighty'],
  ['  - bad-1.test', '  - {a: b}'],
  ['resolution: NONE', 'resolution: SOMETIMES'],
  ['  hosts:\n  - bad-3.test', '  hosts: bad-3.test'],
];

const noObjects = [
  'just text\n',
  '- a\n- b\n',
  'apiVersion: v1\n',
  'apiVersion: networking.istio.io/v1\nkind: ServiceEntri\nmetadata: {name: a}\n',
];

/** Texts on which the complete parser takes long. */
const slow = [
  `a: [${'a,'.repeat(100_000)}]\n`,
  `a:\n${'! '.repeat(100_000)}\n`,
  `{${Array.from({ length: 20_000 }, (_, i) => `k${i}: v,`).join('')}\n}`,
  `a: &a\n${'&b '.repeat(60_000)}`,
];

export const damages: readonly Damage[] = [
  { name: 'cut', make: (n) => `${good(n).slice(0, 72)}"${'b'.repeat(n)}`, code: 'CXS0101', place: /^4:/ },
  { name: 'wrong-type', make: (n) => good(n).replace(...(wrongTypes[n] ?? ['', ''])), code: 'IST0106', place: /^([6-9]|10):/ },
  { name: 'bomb', make: (n) => `${bomb}${good(n)}`, code: 'CXS0101' },
  { name: 'utf8', make: (n) => Buffer.from(good(n).replace('.test', '.\xff\xfe'), 'latin1'), code: 'CXS0104', place: /^7:/ },
  { name: 'utf16', make: (n) => Buffer.from(`\ufeff${good(n)}`, 'utf16le'), code: 'CXS0104', place: /^1:1$/ },
  { name: 'duplicate-key', make: (n) => `${good(n)}  ports: []\n`, code: 'CXS0101', place: /^13:3$/ },
  { name: 'unknown-field', make: (n) => `${good(n)}  prots${n}: []\n`, code: 'CXS0001', place: /^13:3$/ },
  {
    name: 'huge-number',
    make: (n) => good(n).replace('80', ['9'.repeat(30), '1e999', '-9223372036854775809', '0x1ffffffffffff'][n] ?? ''),
    code: 'IST0106',
    place: /^10:5$/,
  },
  { name: 'cycle', make: (n) => `${good(n)}    targetPort: &a [*a, {b: *a}]\n`, code: 'CXS0101' },
  { name: 'empty', make: (n) => ['', '\n\n', '# nothing\n', '---\n---\n'][n] ?? '', code: 'CXS0109', place: /^1:1$/ },
  { name: 'ten-megabytes', make: (n) => `${n % 2 ? good(n) : ''}    x: "${'y'.repeat(10 * megabyte)}"\n`, code: 'CXS0101' },
  { name: 'tab', make: (n) => good(n).replace('  hosts', '\thosts'), code: 'CXS0101', place: /^[67]:/ },
  { name: 'control', make: (n) => good(n).replace('.test', ['\0', '\x07', '\x1b[0m', '\uffff'][n] ?? ''), code: 'CXS0101', place: /^7:/ },
  { name: 'deep', make: (n) => deep[n] ?? '', code: 'CXS0101' },
  { name: 'no-object', make: (n) => noObjects[n] ?? '', code: 'CXS000' },
  { name: 'slow', make: (n) => slow[n] ?? '', code: 'CXS0' },
  {
    name: 'json',
    make: (n) => `{"apiVersion": "v1",\n "kind": "Service",\n${['', '"a": ]}', '"metadata": {"name": "a"', '"kind": "a"}'][n] ?? ''}`,
    code: 'CXS0101',
    extension: 'json',
  },
];
