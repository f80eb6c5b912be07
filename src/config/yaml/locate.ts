import { isCollection, isMap, isPair, isScalar, LineCounter } from 'yaml';
import { parse } from './complete-reader.ts';
import { locateByIndent } from './locate-by-indent.ts';
import { tooDeepAt } from './nesting.ts';
import { maxCompleteLength } from './read-text.ts';
import { placeOf } from './text-fault.ts';

export interface Place {
  readonly line: number;
  readonly column: number;
}

/** How many characters may be walked over for the places in one document: 25 ms. Later places are the document's own. */
const searchBudget = 4 * 1024 * 1024;

/**
 * Finds places of fields in one document; line and column count from 1. Plain block YAML is walked by indentation, other
 * texts are parsed once; of those that would take too long to parse only the beginning is known.
 */
export function createLocator(text: string, isPlain: boolean): (path: readonly (string | number)[]) => Place {
  let slow: ((path: readonly (string | number)[]) => Place) | undefined;
  let budget = isPlain ? searchBudget : 0;
  return (path) => {
    budget -= text.length;
    const offset = budget > 0 ? locateByIndent(text, path) : undefined;
    if (offset !== undefined) return placeOf(text, offset);
    if (text.length > maxCompleteLength || tooDeepAt(text) !== undefined) return placeOf(text, Math.max(0, text.search(/\S/)));
    slow ??= parsedLocator(text);
    return slow(path);
  };
}

function parsedLocator(text: string): (path: readonly (string | number)[]) => Place {
  const lines = new LineCounter();
  const document = parse(text, lines);
  return (path) => {
    const { line, col } = lines.linePos(offsetOf(document.contents, path));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
}

/** The field's key, or the list's item; the nearest one around it that exists where the field does not. */
function offsetOf(root: unknown, path: readonly (string | number)[]): number {
  let node = root;
  let offset = startOf(root) ?? 0;
  for (const step of path) {
    if (!isCollection(node)) break;
    if (isMap(node)) {
      const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === String(step));
      if (!pair) break;
      offset = startOf(pair.key) ?? offset;
      node = pair.value;
    } else {
      const item: unknown = node.items[Number(step)];
      if (item === undefined || isPair(item)) break;
      offset = startOf(item) ?? offset;
      node = item;
    }
  }
  return offset;
}

function startOf(node: unknown): number | undefined {
  if (typeof node !== 'object' || node === null || !('range' in node) || !Array.isArray(node.range)) return undefined;
  const start: unknown = node.range[0];
  return typeof start === 'number' ? start : undefined;
}
