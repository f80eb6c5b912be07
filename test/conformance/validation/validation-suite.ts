import { readText } from '../../../src/config/yaml/read-text.ts';
import { splitDocuments } from '../../../src/config/yaml/split-documents.ts';
import { formatIssue } from '../../../src/model/issue.ts';
import { parseObject } from '../../../src/schema/parse-object.ts';
import { readCases } from '../data-folder.ts';
import type { Suite } from '../suite.ts';

export interface ValidationCase {
  readonly name: string;
  readonly document: string;
  readonly expected: { readonly valid: boolean; readonly errorContains?: string };
  readonly istioObserved?: { readonly crd?: string; readonly webhook?: string };
}

/** Istio's own cases of valid and invalid objects: our validation must agree on which is which; its wording is its own. */
export const validationSuite: Suite = {
  name: 'validation',
  casesIn: (data) =>
    readCases<ValidationCase>(data, 'validation').map((given) => ({ name: given.name, disagreements: async () => judge(given) })),
};

function judge({ document, expected, istioObserved }: ValidationCase): readonly string[] {
  const problems: string[] = [];
  for (const part of splitDocuments(document)) {
    if (part === undefined) continue;
    const { value, faults } = readText(part.text);
    problems.push(...faults.map(({ message }) => message));
    if (faults.length > 0) continue;
    const { object, issues } = parseObject(value);
    if (object === undefined) problems.push(issues.map(formatIssue).join('; ') || 'no object');
  }
  if ((problems.length === 0) === expected.valid) return [];
  const istio = [istioObserved?.crd, istioObserved?.webhook].filter((said) => said).join(' and ');
  return [expected.valid ? `refused: ${problems.join('; ')}` : `accepted; Istio says ${istio}`];
}
