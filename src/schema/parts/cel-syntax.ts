/** The syntax of CEL (google/cel-spec, langdef.md), as far as it decides whether a text is an expression. Names are Envoy's business. */

interface Token {
  readonly kind: 'name' | 'number' | 'string' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const tokens: readonly (readonly [Token['kind'] | 'space', RegExp])[] = [
  ['space', /(?:\s|\/\/[^\n]*)+/y],
  ['string', /[rRbB]{0,2}(?:"""(?:[^\\]|\\[\s\S])*?"""|'''(?:[^\\]|\\[\s\S])*?'''|"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')/y],
  ['number', /(?:0x[0-9a-fA-F]+[uU]?|(?:\d+\.\d+|\.\d+|\d+)(?:[eE][+-]?\d+)?[uU]?)/y],
  ['name', /[_a-zA-Z][_a-zA-Z0-9]*/y],
  ['sign', /&&|\|\||[<>=!]=|[<>!?:.,+\-*/%()[\]{}]/y],
];

/** Words that CEL keeps for itself. */
const reserved: ReadonlySet<string> = new Set(
  'as break const continue else for function if import let loop package namespace return var void while in'.split(' '),
);

/** Signs between operands, loosest first; `? :` is looser than all. */
const levels: readonly (readonly string[])[] = [['||'], ['&&'], ['<', '<=', '>=', '>', '==', '!=', 'in'], ['+', '-'], ['*', '/', '%']];

/** Of cel-go, by which Istio judges. */
const maxDepth = 250;

class SyntaxProblem extends Error {}

/** What is wrong with the text, in a few words; undefined: it is an expression. */
export function wrongCel(text: string): string | undefined {
  try {
    const reader = new Reader(tokensOf(text));
    expression(reader);
    reader.expectEnd();
    return undefined;
  } catch (error) {
    if (error instanceof SyntaxProblem) return error.message;
    throw error;
  }
}

function tokensOf(text: string): readonly Token[] {
  const found: Token[] = [];
  let at = 0;
  while (at < text.length) {
    const [kind, match] = nextToken(text, at);
    if (kind !== 'space') found.push({ kind, text: match, at });
    at += match.length;
  }
  return [...found, { kind: 'end', text: 'the end', at }];
}

function nextToken(text: string, at: number): readonly [Token['kind'] | 'space', string] {
  for (const [kind, pattern] of tokens) {
    pattern.lastIndex = at;
    const match = pattern.exec(text)?.[0];
    if (match) return [kind, match];
  }
  throw new SyntaxProblem(`is no CEL expression: nothing begins with ${text.slice(at, at + 1)} at character ${at + 1}`);
}

class Reader {
  private readonly list: readonly Token[];
  private position = 0;
  private depth = 0;

  constructor(list: readonly Token[]) {
    this.list = list;
  }

  get next(): Token {
    return this.list[this.position] as Token;
  }

  take(): Token {
    const token = this.next;
    if (token.kind !== 'end') this.position++;
    return token;
  }

  /** Runs one level deeper. */
  nest(run: () => void): void {
    if (this.depth >= maxDepth) this.fail('less depth');
    this.depth++;
    run();
    this.depth--;
  }

  /** Takes the sign or word if it is next. */
  takes(text: string): boolean {
    const isNext = this.next.text === text && this.next.kind !== 'string' && this.next.kind !== 'end';
    if (isNext) this.position++;
    return isNext;
  }

  expect(text: string): void {
    if (!this.takes(text)) this.fail(`"${text}"`);
  }

  expectEnd(): void {
    if (this.next.kind !== 'end') this.fail('an operator');
  }

  fail(wanted: string): never {
    const { text, at } = this.next;
    throw new SyntaxProblem(`is no CEL expression: wanted ${wanted}, not ${text} at character ${at + 1}`);
  }
}

function expression(reader: Reader): void {
  reader.nest(() => {
    operation(reader, 0);
    if (!reader.takes('?')) return;
    operation(reader, 0);
    reader.expect(':');
    expression(reader);
  });
}

function operation(reader: Reader, level: number): void {
  const signs = levels[level];
  if (signs === undefined) unary(reader);
  else {
    operation(reader, level + 1);
    while (signs.some((sign) => reader.takes(sign))) operation(reader, level + 1);
  }
}

function unary(reader: Reader): void {
  const sign = ['!', '-'].find((one) => reader.takes(one));
  while (sign !== undefined && reader.takes(sign));
  primary(reader);
  for (;;) {
    if (reader.takes('.')) {
      name(reader);
      if (reader.takes('(')) items(reader, ')', expression, false);
    } else if (reader.takes('[')) {
      expression(reader);
      reader.expect(']');
    } else if (reader.takes('{')) items(reader, '}', entry, true);
    else return;
  }
}

function primary(reader: Reader): void {
  if (reader.takes('(')) {
    expression(reader);
    reader.expect(')');
  } else if (reader.takes('[')) items(reader, ']', expression, true);
  else if (reader.takes('{')) items(reader, '}', entry, true);
  else if (reader.next.kind === 'string' || reader.next.kind === 'number') reader.take();
  else {
    reader.takes('.');
    name(reader);
    if (reader.takes('(')) items(reader, ')', expression, false);
  }
}

function name(reader: Reader): void {
  if (reader.next.kind !== 'name' || reserved.has(reader.next.text)) reader.fail('a value');
  reader.take();
}

/** A list up to the closing sign, with a comma after the last one where that is allowed. */
function items(reader: Reader, close: string, item: (reader: Reader) => void, mayTrail: boolean): void {
  if (reader.takes(close)) return;
  do {
    item(reader);
  } while (reader.takes(',') && !(mayTrail && reader.next.text === close));
  reader.expect(close);
}

function entry(reader: Reader): void {
  expression(reader);
  reader.expect(':');
  expression(reader);
}
