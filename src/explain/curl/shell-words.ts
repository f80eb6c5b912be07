/**
 * Splits a command line at blanks as a shell does, with its quotes and backslashes; a backslash at the end of a line joins lines.
 * Nothing else of a shell is known: `$` and `*` are letters.
 */
export function parseShellWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  const pattern = /'([^']*)'|"((?:[^"\\]|\\.)*)"|\\(\n|.)|(\s+)|([^\s'"\\]+|["'\\])/gs;
  for (const [, single, double, escaped, blanks, plain] of text.matchAll(pattern)) {
    if (blanks !== undefined) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (escaped !== '\n') {
      word = `${word ?? ''}${single ?? double?.replace(/\\(["\\$`\n])/g, (_, letter: string) => (letter === '\n' ? '' : letter)) ?? escaped ?? plain ?? ''}`;
    }
  }
  return word === undefined ? words : [...words, word];
}
