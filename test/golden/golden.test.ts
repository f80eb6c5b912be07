import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { formatIssue } from '../../src/model/issue.ts';
import { goldenCases, strayOutputs } from '../harness/golden-case.ts';
import { printOutputs } from '../harness/print-outputs.ts';
import { referenceProblems } from '../harness/reference-check.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const isUpdate = process.env['COXSWAIN_GOLDEN'] === 'update';

/** YAML in, YAML out: what a proxy is served, byte for byte. `npm run golden:update` records it anew. */
describe('golden', () => {
  test.each(goldenCases().map((one) => [one.name, one] as const))('%s', async (_, one) => {
    const mesh = await TextMesh.create(one);
    await mesh.becomeClusters(one.clusters);
    const resources = mesh.allResources(mesh.connect(one.proxy, one.facts));
    const every = Object.values(resources).flatMap((byName) => [...byName.values()]);

    const issues = [...mesh.texts.issues, ...mesh.plane.issues.get()];
    expect(issues.filter(({ severity }) => severity === 'error').map(formatIssue)).toEqual([]);
    expect(every.flatMap((resource) => mesh.protos.check(resource as { '@type': string }))).toEqual([]);
    expect(referenceProblems(resources, one.missing)).toEqual([]);

    const printed = printOutputs(mesh.protos, resources, one);
    if (isUpdate) writeFileSync(one.outputPath, printed);
    expect(printed).toBe(existsSync(one.outputPath) ? readFileSync(one.outputPath, 'utf8') : '(not recorded: npm run golden:update)');
  });

  test('no output without its case', () => {
    expect(strayOutputs()).toEqual([]);
  });
});
