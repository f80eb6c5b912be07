import { parseDocument } from 'yaml';
import { readCases } from '../data-folder.ts';
import type { Suite } from '../suite.ts';
import type { ValidationCase } from './validation-suite.ts';

/** Takes a text as `kubectl create --dry-run=server` does; resolves with what the API server says against it, or nothing. */
export type AskDefinitions = (document: string) => Promise<string>;

/**
 * The same cases, asked of a real API server that has our CustomResourceDefinitions: their schemas and CEL rules must say what Istio's
 * say, word for word as far as the case does.
 */
export function definitionsSuite(ask: AskDefinitions | { readonly lacking: string }): Suite {
  return {
    name: 'validation (definitions)',
    casesIn: (data) =>
      readCases<ValidationCase>(data, 'validation').map((given) => ({
        name: given.name,
        ...(typeof ask !== 'function' && { notApplicable: `needs ${ask.lacking}` }),
        disagreements: async () => (typeof ask === 'function' ? judge(await ask(given.document), given) : []),
      })),
  };
}

/** What an API server says of a spec that is null: it removes null before it looks; Istio's texts were recorded without one. */
const nullSpec = 'spec: Required value';

function judge(refused: string, { document, expected }: ValidationCase): readonly string[] {
  if (expected.valid) return refused === '' ? [] : [`refused: ${refused}`];
  const wanted = hasNullSpec(document) ? nullSpec : (expected.errorContains ?? '');
  if (refused === '') return [`accepted; Istio says ${expected.errorContains}`];
  return refused.includes(wanted) ? [] : [`refused with ${JSON.stringify(refused)}, which does not say ${JSON.stringify(wanted)}`];
}

function hasNullSpec(document: string): boolean {
  const json = parseDocument(document.replace(/\n---\s*$/, '')).toJS() as { readonly spec?: unknown } | null;
  return json !== null && 'spec' in json && json.spec === null;
}
