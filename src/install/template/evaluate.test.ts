import { describe, expect, it } from 'vitest';
import { evaluate } from './evaluate.ts';
import { all, each, equals, isSet, itemKey, items, itemValue, not, text, value, when, withValues, yamlDocument } from './template.ts';

const values = {
  name: 'a',
  count: 0,
  off: false,
  empty: '',
  none: {},
  labels: { z: '1', app: 'mine' },
  list: [{ x: 1 }, { x: 2 }],
  mesh: { deep: { b: 2 }, gone: null },
};

describe('evaluate', () => {
  it('fills in values, and leaves out what is empty', () => {
    const template = {
      name: value('name'),
      empty: value('empty'),
      none: value('none'),
      missing: value('a.b.c'),
      count: value('count'),
      off: value('off'),
    };
    expect(evaluate(template, values)).toEqual({ name: 'a', count: 0, off: false });
  });

  it('puts text together', () => {
    expect(evaluate(text('x-', value('name'), when(isSet('empty'), '-', '!'), value('missing')), values)).toBe('x-a!');
  });

  it('chooses', () => {
    expect(evaluate([when(all(isSet('name'), not(isSet('off'))), 'both'), when(equals('name', 'b'), 'b')], values)).toEqual(['both']);
    expect(evaluate({ a: when(isSet('none'), 1), b: when(isSet('none'), 1, 2) }, values)).toEqual({ b: 2 });
  });

  it('joins maps and lists of the user with its own', () => {
    expect(evaluate(withValues({ app: 'ours', own: 'x' }, 'labels'), values)).toEqual({ app: 'mine', own: 'x', z: '1' });
    expect(evaluate([{ x: 0 }, items('list'), items('missing')], values)).toEqual([{ x: 0 }, { x: 1 }, { x: 2 }]);
  });

  it('makes one item of each entry, in the order of keys', () => {
    expect(evaluate([each('labels', { name: itemKey, value: itemValue })], values)).toEqual([
      { name: 'app', value: 'mine' },
      { name: 'z', value: '1' },
    ]);
    expect(evaluate([each('list', text('-', itemKey))], values)).toEqual(['-0', '-1']);
  });

  it('writes a document with the values laid over it', () => {
    expect(evaluate(yamlDocument({ deep: { a: 1, b: 1 }, gone: true }, 'mesh'), values)).toBe('deep:\n  a: 1\n  b: 2\n');
  });
});
