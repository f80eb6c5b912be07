import { type Document, isMap, isScalar, LineCounter, type ParsedNode, parseDocument, visit } from 'yaml';
import { joinFlowColons } from './flow-colons.ts';
import { toPlainData } from './plain-data.ts';
import type { ReadText, TextFault } from './text-fault.ts';

/** Faults of one document beyond this number are not told: the first ones are the cause of the rest. */
const maxFaults = 5;

/** The largest number of aliases' expansions that `yaml` accepts before it calls a document a bomb. */
const maxAliasCount = 100;

/** Parses all of YAML 1.2 with the `yaml` package, merge keys included; slow, but every fault has its place. */
export function readCompletely(text: string): ReadText {
  const lines = new LineCounter();
  const faults: TextFault[] = [];
  const at = (offset: number) => {
    const { line, col } = lines.linePos(Math.min(offset, text.length));
    return { line: Math.max(1, line), column: Math.max(1, col) };
  };
  const document = parse(text, lines);
  for (const error of document.errors.slice(0, maxFaults)) faults.push({ message: sentence(error.message), ...at(error.pos[0]) });
  for (const { key, offset } of duplicateKeys(document))
    faults.push({ message: `the key "${key}" appears twice in the same map`, ...at(offset) });
  if (faults.length > 0) return { faults: faults.slice(0, maxFaults) };
  try {
    const plain = toPlainData(document.toJS({ maxAliasCount }));
    return 'refusal' in plain ? { faults: [{ message: plain.refusal, ...at(document.range?.[0] ?? 0) }] } : { value: plain.value, faults };
  } catch (error) {
    return { faults: [{ message: sentence(error instanceof Error ? error.message : String(error)), ...at(document.range?.[0] ?? 0) }] };
  }
}

export function parse(text: string, lines: LineCounter): Document.Parsed<ParsedNode> {
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    intAsBigInt: true,
    merge: true,
    uniqueKeys: false,
    logLevel: 'silent',
  } as const;
  const document = parseDocument(text, options) as Document.Parsed<ParsedNode>;
  joinFlowColons(document, text);
  return document;
}

/** The package compares every key with every other one, which takes 10 s for a map of 20 000 keys. */
function duplicateKeys(document: Document.Parsed<ParsedNode>): { readonly key: string; readonly offset: number }[] {
  const found: { key: string; offset: number }[] = [];
  visit(document, {
    Map(_, map) {
      if (!isMap(map)) return undefined;
      const seen = new Set<string>();
      for (const { key } of map.items) {
        if (!isScalar(key) || key.value === '<<') continue;
        const name = String(key.value);
        if (seen.has(name)) found.push({ key: name.slice(0, 64), offset: key.range?.[0] ?? 0 });
        seen.add(name);
      }
      return found.length < maxFaults ? undefined : visit.BREAK;
    },
  });
  return found;
}

function sentence(message: string): string {
  const line = message.split('\n', 1)[0] ?? message;
  return line.length > 200 ? `${line.slice(0, 197)}...` : line;
}
