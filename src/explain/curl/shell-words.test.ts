import { expect, it } from 'vitest';
import { parseShellWords } from './shell-words.ts';

it.each([
  [`curl -H 'end-user: jason' http://a`, ['curl', '-H', 'end-user: jason', 'http://a']],
  [`a"b c"'d'e`, ['ab cde']],
  [`-d "say \\"hi\\" to \\\\ \\n"`, ['-d', 'say "hi" to \\ \\n']],
  [`a\\ b \\'`, ['a b', "'"]],
  [`curl \\\n  -s`, ['curl', '-s']],
  [`-H '' x`, ['-H', '', 'x']],
  ['  ', []],
  [`open 'quote`, ['open', "'quote"]],
])('%j', (text, words) => {
  expect(parseShellWords(text)).toEqual(words);
});
