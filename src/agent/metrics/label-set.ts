/** Labels of one sample, in the order in which they were written. */
export type LabelSet = ReadonlyMap<string, string>;

/** `a="b",c="d"`, with the escapes of Prometheus' text format. */
export function parseLabels(text: string): LabelSet {
  const labels = new Map<string, string>();
  for (const [, name = '', value = ''] of text.matchAll(/([a-zA-Z_][\w]*)="((?:[^"\\]|\\.)*)"/g)) labels.set(name, unescaped(value));
  return labels;
}

export function formatLabels(labels: Iterable<readonly [string, string]>): string {
  return [...labels].map(([name, value]) => `${name}="${escaped(value)}"`).join(',');
}

function unescaped(text: string): string {
  return text.replace(/\\(.)/g, (_, letter: string) => (letter === 'n' ? '\n' : letter));
}

function escaped(text: string): string {
  return text.replace(/[\\"]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`);
}
