import { kindsWithoutEffect } from '../../src/app/kinds-without-effect.ts';
import { fieldPaths } from '../../src/schema/field-remarks/field-paths.ts';
import type { FieldOwner } from '../../src/schema/field-remarks/field-remark.ts';
import { remarkAbout, structureOf } from '../../src/schema/field-remarks/field-remarks.ts';
import { kinds } from '../../src/schema/kinds.ts';
import type { KindName } from '../../src/schema/spec-by-kind.ts';

/** Every document that has fields: kinds, then the mesh's own. */
export const owners: readonly FieldOwner[] = [...kinds.map(({ kind }) => kind as KindName), 'MeshConfig', 'MeshNetworks'];

/** What is said of kinds none of whose fields changes anything. */
export const consequences: ReadonlyMap<string, string> = new Map(kindsWithoutEffect.map(({ kind, consequence }) => [kind, consequence]));

/** `docs/fields.md`: each field of each document, and what becomes of it. */
export function fieldTable(): string {
  return `${[introduction, ...owners.map(sectionOf)].join('\n\n')}\n`;
}

const introduction = `# Fields

Every field of every kind, of the MeshConfig and of MeshNetworks, and what becomes of it. \`[]\` stands for the items of a list, \`*\` for
the keys of a map. The table is made of the schemas and of \`src/schema/field-remarks/\`; \`npm run fields:update\` writes it. A test takes each
supported field away, or changes it, in a golden case, and fails where no proxy is served anything else for it.

| state | meaning |
|---|---|
| supported | changes what proxies are served |
| elsewhere | has its effect, but not on what proxies are served |
| different | has an effect of its own |
| not supported | Istio does something with it, Coxswain does not; whoever sets it gets the warning \`CXS0005\` at its line and column |
| without effect | Istio does nothing with it either; whoever sets it gets the same warning |
| refused | an object that sets it is in error, as in Istio |
| not read | a field of Kubernetes that Istio does not look at either; nobody is warned |`;

function sectionOf(owner: FieldOwner): string {
  const consequence = consequences.get(owner);
  const rows = consequence === undefined ? fieldPaths(structureOf(owner)).map(({ path }) => rowOf(owner, path)) : [wholeKind(consequence)];
  return [`## ${owner}`, '', '| field | state | remarks |', '|---|---|---|', ...rows].join('\n');
}

function wholeKind(consequence: string): string {
  return `| all | not supported | ${consequence} |`;
}

function rowOf(owner: FieldOwner, path: string): string {
  const remark = remarkAbout(owner, path);
  return `| \`${path}\` | ${remark?.state ?? 'supported'} | ${remark?.says ?? ''} |`;
}
