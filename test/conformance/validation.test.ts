import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { formatIssue } from '../../src/model/issue.ts';
import { parseObject } from '../../src/schema/parse-object.ts';

// Istio's own cases of valid and invalid objects: we must agree on which is which; the wording is ours.
const folder = join(process.env['COXSWAIN_CONFORMANCE'] ?? resolve(import.meta.dirname, '../../../shared/conformance'), 'validation');

interface Case {
  readonly name: string;
  readonly document: string;
  readonly expected: { readonly valid: boolean };
  readonly istioObserved?: { readonly crd?: string; readonly webhook?: string };
}

const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.json')) : [];

describe.skipIf(files.length === 0)('conformance/validation', () => {
  it.each(files.sort())('%s', (file) => {
    const { document, expected, istioObserved } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as Case;
    const json: unknown = parseDocument(document.replace(/\n---\s*$/, '')).toJS();
    const { object, issues } = parseObject(json);
    const said = issues.map(formatIssue).join('\n');
    expect(object !== undefined, `we say: ${said}\nIstio says: ${istioObserved?.crd} / ${istioObserved?.webhook}`).toBe(expected.valid);
  });
});
