import { type Document, isMap, isScalar, type ParsedNode, Scalar, visit, type YAMLMap } from 'yaml';

/**
 * `[2001:db8::]` is a list of one text: what Kubernetes reads YAML with takes a colon for the end of a key only where a space follows,
 * in a list of one line too, and addresses are written so. YAML 1.2 would have it be a key without a value.
 */
export function joinFlowColons(document: Document.Parsed<ParsedNode>, text: string): void {
  visit(document, {
    Seq(_, list) {
      if (list.flow !== true) return;
      for (const [index, item] of list.items.entries()) {
        const joined = isMap(item) ? keyWithColon(item, text) : undefined;
        if (joined !== undefined) list.items[index] = joined as (typeof list.items)[number];
      }
    },
  });
}

/** The text that a map stands for which has no braces, one key and nothing behind the key's colon. */
function keyWithColon(map: YAMLMap, text: string): Scalar | undefined {
  const [pair, second] = map.items;
  if (pair === undefined || second !== undefined || !isScalar(pair.key) || pair.key.type !== 'PLAIN') return undefined;
  const [start = 0, end = 0] = pair.key.range ?? [];
  if (text[map.range?.[0] ?? start] === '{' || text[end] !== ':' || !',[]{}'.includes(text[end + 1] ?? ' ')) return undefined;
  const joined = new Scalar(text.slice(start, end + 1));
  joined.range = [start, end + 1, end + 1];
  return joined;
}
