import { expect, it } from 'vitest';
import { HeldVersions } from './held-versions.ts';
import { isOlder } from './resource-version.ts';

it('orders versions that are numbers, and calls nothing else older', () => {
  expect(isOlder('99', '100')).toBe(true);
  expect(isOlder('100', '99')).toBe(false);
  expect(isOlder('100', '100')).toBe(false);
  expect(isOlder('9007199254740993', '9007199254740994')).toBe(true);
  expect(isOlder('a1', 'a2')).toBe(false);
  expect(isOlder('', '5')).toBe(false);
});

it('tells news from repetitions and from what comes late', () => {
  const held = new HeldVersions();
  expect(held.accept('a', '5')).toBe(true);
  expect(held.accept('a', '5')).toBe(false);
  expect(held.accept('a', '4')).toBe(false);
  expect(held.remove('a', '4')).toBe(false);
  expect(held.remove('a', '6')).toBe(true);
  expect(held.accept('a', '5')).toBe(false);
  expect(held.accept('a', '7')).toBe(true);
  expect(held.remove('b', '8')).toBe(false);
  expect(held.accept('b', '7')).toBe(false);
});

it('takes objects without a version for new each time', () => {
  const held = new HeldVersions();
  expect(held.accept('a', '')).toBe(true);
  expect(held.accept('a', '')).toBe(true);
  expect(held.has('a', '')).toBe(false);
});

it('says what a list lacks', () => {
  const held = new HeldVersions();
  held.accept('a', '1');
  held.accept('b', '2');
  expect(
    held.replace(
      new Map([
        ['b', '3'],
        ['c', '4'],
      ]),
    ),
  ).toEqual(['a']);
  expect(held.has('b', '3')).toBe(true);
  expect(held.size).toBe(2);
});

it('does not remember for ever what is gone', () => {
  const held = new HeldVersions();
  for (let n = 0; n < 1_001; n++) held.remove(`k${n}`, '5');
  expect(held.accept('k0', '1')).toBe(true);
  expect(held.accept('k1000', '1')).toBe(false);
});
