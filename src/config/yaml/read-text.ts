import { readCompletely } from './complete-reader.ts';
import { readFast } from './fast-reader.ts';
import { maxNesting, tooDeepAt } from './nesting.ts';
import { placeOf, type TextFault } from './text-fault.ts';

/** One document of YAML or JSON as JSON values, or what is wrong with it: then `value` is absent. */
export interface ReadText {
  readonly value?: unknown;
  readonly faults: readonly TextFault[];
}

/** Characters that no YAML may hold (1.2 section 5.1). */
const controlCharacter = /[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/;

/** Reads one document, the fast way where it is plain. `complete` stands in for the complete parser. */
export function readText(text: string): ReadText {
  return readQuickly(text) ?? readCompletely(text);
}

/** All that can be told about a document in a bounded time; undefined: the complete parser is needed. */
export function readQuickly(text: string): ReadText | undefined {
  const control = text.search(controlCharacter);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).padStart(4, '0');
    return { faults: [{ message: `the control character U+${code.toUpperCase()} is not allowed`, ...placeOf(text, control) }] };
  }
  const fast = readFast(text);
  if (fast) return { value: fast.value, faults: [] };
  const deep = tooDeepAt(text);
  if (deep === undefined) return undefined;
  return { faults: [{ message: `collections are nested deeper than ${maxNesting}`, ...placeOf(text, deep) }] };
}
