import { stringify } from 'yaml';

/**
 * Objects as one stream of YAML documents: the same text for the same objects, in the order in which they and their fields
 * are given. Nothing is shortened by anchors, and no line is folded.
 */
export function yamlOf(objects: readonly unknown[]): string {
  return objects.map((object) => stringify(object, { aliasDuplicateObjects: false, lineWidth: 0, indentSeq: false })).join('---\n');
}
