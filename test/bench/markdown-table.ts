/** A table as documents in this repository have it. */
export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => '---'), ...rows];
  return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Two digits, or all that stand before the point. */
export function figure(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(2)));
}

/** The value, and in brackets how many times less it is than the reference. */
export function figureAgainst(value: number, reference: number | undefined): string {
  return reference === undefined || reference === 0 || value === 0 ? figure(value) : `${figure(value)} (${figure(reference / value)}x)`;
}
