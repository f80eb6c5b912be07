import type { Field } from '../../schema/field/field.ts';
import { isJsonObject } from '../../schema/field/free-json.ts';

/** One `--set`, taken apart. */
interface SetFlag {
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** `a.b[0].c=text`; a dot or bracket that belongs to a name is written `\.` or `\[`. Undefined where it is not of that form. */
export function parseSetFlag(flag: string): SetFlag | undefined {
  const equals = flag.indexOf('=');
  if (equals <= 0) return undefined;
  const path: (string | number)[] = [];
  for (const step of flag.slice(0, equals).match(/(?:\\.|[^.\\])+/g) ?? []) {
    const parts = /^((?:\\.|[^[\\])+)((?:\[\d{1,3}\])*)$/.exec(step);
    if (!parts) return undefined;
    path.push(parts[1]!.replaceAll(/\\(.)/g, '$1'));
    for (const [, index] of parts[2]!.matchAll(/\[(\d+)\]/g)) path.push(Number(index));
  }
  return { path, text: flag.slice(equals + 1) };
}

/** Sets a value in a tree that is our own, making what is missing on the way. */
export function setAt(tree: Record<string, unknown>, path: readonly (string | number)[], value: unknown): void {
  let at: Record<string | number, unknown> = tree;
  for (const [i, step] of path.slice(0, -1).entries()) {
    const next = at[step];
    if (!Array.isArray(next) && !isJsonObject(next)) at[step] = typeof path[i + 1] === 'number' ? [] : {};
    at = at[step] as Record<string | number, unknown>;
    // What a list has before the item that is meant stays as the profile has it.
    if (Array.isArray(at)) for (let before = 0; before < Number(path[i + 1]); before++) at[before] ??= {};
  }
  at[path.at(-1)!] = value;
}

/** The text of a flag as the type at its path wants it: text stays text where text is meant, also where it looks like a number. */
export function typedValue(root: Field, path: readonly (string | number)[], text: string): unknown {
  const field = fieldAt(root, path);
  if (field?.type === 'string' || field?.type === 'choice' || field?.type === 'duration') return text;
  if (text === 'null') return null;
  if (/^\{.*\}$/s.test(text)) {
    const inner = text.slice(1, -1);
    return inner === '' ? [] : inner.split(',').map((item) => typedValue(root, [...path, 0], item.trim()));
  }
  if (field?.type === 'quantity') return text;
  if (text === 'true' || text === 'false') return text === 'true';
  return /^-?(0|[1-9]\d{0,15})(\.\d+)?$/.test(text) ? Number(text) : text;
}

function fieldAt(root: Field, path: readonly (string | number)[]): Field | undefined {
  let field: Field | undefined = root;
  for (const step of path) {
    if (field?.type === 'object') field = Object.hasOwn(field.fields, step) ? field.fields[step] : undefined;
    else if (field?.type === 'map') field = field.value;
    else if (field?.type === 'list') field = field.item;
    else return undefined;
  }
  return field;
}
