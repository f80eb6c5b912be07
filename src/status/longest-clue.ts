/** A text of an object that somebody's words quote. */
export interface Clue {
  readonly text: string;
  /** From the root of what was searched. */
  readonly path: readonly (string | number)[];
}

/** Shorter texts occur in any words. */
const minLength = 3;
const maxDepth = 60;

/** The longest text anywhere in the value that the words contain; undefined where they contain none. */
export function longestClue(value: unknown, words: string): Clue | undefined {
  let best: Clue | undefined;
  const path: (string | number)[] = [];
  const visit = (node: unknown): void => {
    if (typeof node === 'string') {
      const isLonger = node.length >= minLength && node.length > (best?.text.length ?? 0);
      if (isLonger && words.includes(node)) best = { text: node, path: [...path] };
    } else if (typeof node === 'object' && node !== null && path.length < maxDepth) {
      for (const [key, child] of Object.entries(node)) {
        path.push(Array.isArray(node) ? Number(key) : key);
        visit(child);
        path.pop();
      }
    }
  };
  visit(value);
  return best;
}
