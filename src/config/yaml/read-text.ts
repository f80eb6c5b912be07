import { readCompletely } from './complete-reader.ts';
import { readFast } from './fast-reader.ts';
import { maxNesting, tooDeepAt } from './nesting.ts';
import { placeOf, type ReadText } from './text-fault.ts';

/** Largest document in UTF-16 units: one document is read in one turn of the event loop, which takes 70 ms for it. */
export const maxDocumentLength = 1024 * 1024;

/**
 * Largest text in UTF-16 units that the complete parser may have in the main thread: it takes up to 14 ms for 1 KiB of
 * hostile text, and 0.5 ms for 1 KiB of any other.
 */
export const maxCompleteLength = 8 * 1024;

/** Characters that no YAML may hold (1.2 section 5.1). */
const controlCharacter = /[^\t\n\r\u0020-\ufffd]/;

/** Reads one document in a bounded time; one that is neither plain nor small is refused. */
export function readText(text: string): ReadText {
  const quick = readQuickly(text);
  if (quick) return quick;
  return text.length <= maxCompleteLength ? readCompletely(text) : refusal(text, maxCompleteLength);
}

/** All that can be told about a document without the complete parser; undefined: it is needed. */
export function readQuickly(text: string): ReadText | undefined {
  if (text.length > maxDocumentLength) return refusal(text, maxDocumentLength);
  const control = text.search(controlCharacter);
  if (control >= 0) {
    const code = text.charCodeAt(control).toString(16).padStart(4, '0');
    return { faults: [{ message: `the control character U+${code.toUpperCase()} is not allowed`, ...placeOf(text, control) }] };
  }
  const fast = readFast(text);
  if (fast) return { value: fast.value, faults: [], isPlain: true };
  const deep = tooDeepAt(text);
  if (deep === undefined) return undefined;
  return { faults: [{ message: `collections are nested deeper than ${maxNesting}`, ...placeOf(text, deep) }] };
}

export function refusal(text: string, limit: number): ReadText {
  const message = `the document is too large: ${text.length} characters where ${limit} are the limit`;
  return { faults: [{ message, hint: 'split it at lines of "---"', ...placeOf(text, Math.max(0, text.search(/\S/))) }] };
}
