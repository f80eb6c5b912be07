import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { kindsWithoutEffect } from '../../src/app/kinds-without-effect.ts';
import { gotchas } from './shown-by.ts';

const root = join(import.meta.dirname, '..', '..');

test('all forty are listed once', () => {
  expect(gotchas.map(({ number }) => number)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
});

test.each(gotchas.filter(({ waitsFor }) => waitsFor === undefined))('gotcha $number, $about, is shown where the list says', (gotcha) => {
  expect(gotcha.shownBy).not.toEqual([]);
  for (const shown of gotcha.shownBy) {
    const [file = '', title = `gotcha ${gotcha.number}:`] = shown.split(': ');
    expect(readFileSync(join(root, file), 'utf8'), shown).toContain(title);
  }
});

test('what waits for a kind waits no longer than the kind', () => {
  const waiting = gotchas.flatMap(({ waitsFor = '' }) => (waitsFor === '' || waitsFor.includes(' ') ? [] : [waitsFor]));
  expect(waiting.filter((kind) => !kindsWithoutEffect.some((one) => one.kind === kind))).toEqual([]);
});
