import type { Field } from '../../schema/field/field.ts';
import { isWithoutEffect } from '../values/find-without-effect.ts';

/** What Helm prints after an installation: which of the stated values change nothing. */
export function valuesNotes(fields: Readonly<Record<string, Field>>): string {
  const lines = sections(fields, []).map(({ path, names }) => {
    const list = names.map((name) => `"${name}"`).join(' ');
    const prefix = path.map((name) => `${name}.`).join('');
    const where = path.length === 0 ? '$v' : `(dig ${path.map((name) => `"${name}"`).join(' ')} (dict) $v)`;
    return `{{- range (list ${list}) }}{{ if hasKey ${where} . }}\nwarning: ${prefix}{{ . }} changes nothing here{{ end }}{{ end }}`;
  });
  return `{{- $v := fromJson (toJson .Values) }}\n${lines.join('\n')}\n`;
}

interface Section {
  readonly path: readonly string[];
  readonly names: readonly string[];
}

/** Objects that have values without effect. */
function sections(fields: Readonly<Record<string, Field>>, path: readonly string[]): readonly Section[] {
  const names = Object.keys(fields).filter((name) => isWithoutEffect(fields[name] as Field));
  const below = Object.entries(fields).flatMap(([name, field]) => (field.type === 'object' ? sections(field.fields, [...path, name]) : []));
  return names.length === 0 ? below : [{ path, names }, ...below];
}
