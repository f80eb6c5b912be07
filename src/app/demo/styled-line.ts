/** A run of text in one style; codes are ANSI "select graphic rendition" numbers. */
export interface Span {
  readonly text: string;
  readonly code: number;
}

export type Line = readonly Span[];

export const plain = (text: string): Span => ({ text, code: 0 });
export const bold = (text: string): Span => ({ text, code: 1 });
export const dim = (text: string): Span => ({ text, code: 2 });
export const good = (text: string): Span => ({ text, code: 32 });
export const warn = (text: string): Span => ({ text, code: 33 });

/** The part of the line that fits. Control characters, which a configuration may hold, become spaces. */
export function cropped(line: Line, columns: number): Line {
  let left = columns;
  return line.flatMap(({ text, code }) => {
    const clean = Array.from(text.replaceAll(/\p{Cc}/gu, ' '));
    const fits = clean.slice(0, left);
    left -= fits.length;
    return fits.length === 0 ? [] : [{ text: fits.join(''), code }];
  });
}

/** The text in lines that fit, broken between words where there are any; further lines are indented. */
export function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= columns) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}

/** The line as a terminal takes it. */
export function painted(line: Line, useColor: boolean): string {
  return line.map(({ text, code }) => (useColor && code !== 0 ? `\u001b[${code}m${text}\u001b[0m` : text)).join('');
}
