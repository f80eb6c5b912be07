/** An array whose items are made one at a time, while it is written: a page of ten thousand must not be made in one turn. */
export class LazyArray {
  readonly items: Iterable<unknown>;

  constructor(items: Iterable<unknown>) {
    this.items = items;
  }
}

/** An object whose members are made one at a time; keys must differ. */
export class LazyObject {
  readonly members: Iterable<readonly [string, unknown]>;

  constructor(members: Iterable<readonly [string, unknown]>) {
    this.members = members;
  }
}

/**
 * The text of a JSON value in pieces. Lazy parts may nest in one another, not in plain values. `indent` is Istio's four
 * spaces for `?pretty`, empty for one line.
 */
export function* jsonChunks(value: unknown, indent: string, margin = ''): Generator<string> {
  if (!(value instanceof LazyArray || value instanceof LazyObject)) {
    yield plainJson(value, indent, margin);
    return;
  }
  const inner = margin + indent;
  const lineBreak = indent === '' ? '' : `\n${inner}`;
  const [open, close] = value instanceof LazyArray ? ['[', ']'] : ['{', '}'];
  let isEmpty = true;
  for (const [key, member] of value instanceof LazyArray ? unnamed(value.items) : value.members) {
    yield `${isEmpty ? open : ','}${lineBreak}`;
    if (key !== undefined) yield `${JSON.stringify(key)}:${indent === '' ? '' : ' '}`;
    yield* jsonChunks(member, indent, inner);
    isEmpty = false;
  }
  yield isEmpty ? open + close : indent === '' ? close : `\n${margin}${close}`;
}

function* unnamed(items: Iterable<unknown>): Generator<readonly [undefined, unknown]> {
  for (const item of items) yield [undefined, item];
}

function plainJson(value: unknown, indent: string, margin: string): string {
  const text = JSON.stringify(value, undefined, indent) ?? 'null';
  return margin === '' ? text : text.replaceAll('\n', `\n${margin}`);
}
