import { type RegexNode, RegexParser } from './regex-parser.ts';

/** A step of the machine: reads one character, looks at the place, goes two ways, or is done. */
type Step =
  | { readonly reads: (code: number) => boolean; readonly next: number }
  | { readonly at: (before: number | undefined, after: number | undefined) => boolean; readonly next: number }
  | { readonly either: readonly [number, number] }
  | 'done';

/** More parts than this, each counted as often as it is repeated, are a repetition of repetitions, which nobody writes for a reason. */
const maxParts = 20_000;

/** The machine while it is made. Parts that need no step are counted too: `((){1000}){1000}` is all work and no step. */
interface Draft {
  readonly steps: Step[];
  parts: number;
}

/**
 * An RE2 expression, searched for in time linear to the text whatever it says, as Go does: for expressions of users that are held
 * against texts of strangers. Undefined: it is no expression, or uses what is not known here (`\p{...}`, flags within).
 */
export function linearRegex(expression: string): ((text: string) => boolean) | undefined {
  const parsed = new RegexParser(expression).parse();
  if (parsed === undefined) return undefined;
  const steps: Step[] = ['done'];
  const start = compile(parsed, { steps, parts: 0 }, 0);
  return start === undefined ? undefined : (text) => search(steps, start, text);
}

function push({ steps }: Draft, step: Step): number {
  return steps.push(step) - 1;
}

/** Adds the steps of a node that go on to `next`; returns the first of them, undefined where there are too many. */
function compile(node: RegexNode, draft: Draft, next: number): number | undefined {
  if (++draft.parts > maxParts) return undefined;
  switch (node.kind) {
    case 'reads':
      return push(draft, { reads: node.reads, next });
    case 'at':
      return push(draft, { at: node.at, next });
    case 'sequence':
      return node.parts.reduceRight<number | undefined>(
        (after, part) => (after === undefined ? undefined : compile(part, draft, after)),
        next,
      );
    case 'either': {
      const [first, ...others] = node.parts.map((part) => compile(part, draft, next));
      return others.reduce((a, b) => (a === undefined || b === undefined ? undefined : push(draft, { either: [a, b] })), first);
    }
    case 'repeat':
      return compileRepeat(node, draft, next);
  }
}

function compileRepeat({ part, min, max }: RegexNode & { kind: 'repeat' }, draft: Draft, next: number): number | undefined {
  let after: number | undefined = next;
  if (max === undefined) {
    const loop = push(draft, 'done');
    const body = compile(part, draft, loop);
    if (body === undefined) return undefined;
    draft.steps[loop] = { either: [body, next] };
    after = loop;
  } else {
    for (let i = min; i < max && after !== undefined; i++) {
      const body = compile(part, draft, after);
      after = body === undefined ? undefined : push(draft, { either: [body, next] });
    }
  }
  for (let i = 0; i < min && after !== undefined; i++) after = compile(part, draft, after);
  return after;
}

function search(steps: readonly Step[], start: number, text: string): boolean {
  const codes = Array.from(text, (sign) => sign.codePointAt(0) ?? 0);
  let states = new Set<number>();
  for (let i = 0; i <= codes.length; i++) {
    const seen = new Set<number>();
    for (const state of [...states, start]) if (follow(steps, state, seen, codes[i - 1], codes[i])) return true;
    states = new Set();
    const code = codes[i];
    if (code === undefined) return false;
    for (const state of seen) {
      const step = steps[state];
      if (step !== undefined && step !== 'done' && 'reads' in step && step.reads(code)) states.add(step.next);
    }
  }
  return false;
}

/** Everything that is reached from a state without reading; true where the end is. */
function follow(steps: readonly Step[], from: number, seen: Set<number>, before: number | undefined, after: number | undefined): boolean {
  const open = [from];
  for (let state = open.pop(); state !== undefined; state = open.pop()) {
    if (seen.has(state)) continue;
    seen.add(state);
    const step = steps[state];
    if (step === 'done') return true;
    if (step === undefined) continue;
    if ('either' in step) open.push(...step.either);
    else if ('at' in step && step.at(before, after)) open.push(step.next);
  }
  return false;
}
