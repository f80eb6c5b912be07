/** Something wrong with a text, and where; line and column count from 1 within that text. */
export interface TextFault {
  readonly message: string;
  readonly hint?: string;
  readonly line: number;
  readonly column: number;
}

/** Line and column of a character of the text. */
export function placeOf(text: string, offset: number): { readonly line: number; readonly column: number } {
  let line = 1;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, column: offset - lineStart + 1 };
}

/** One document of YAML or JSON as JSON values, or what is wrong with it: then `value` is absent. */
export interface ReadText {
  readonly value?: unknown;
  readonly faults: readonly TextFault[];
  /** Read by the fast reader: places in it can be found by indentation. */
  readonly isPlain?: boolean;
}
