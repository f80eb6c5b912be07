import type { Receiver } from '../explanation.ts';
import { shortPlace } from './format-origin.ts';
import { percent } from './percent.ts';
import type { Style } from './style.ts';

const shown = 6;

/** A line for each of the first receivers, in columns of which empty ones are left out. */
export function receiverLines(receivers: readonly Receiver[], style: Style, all: boolean): readonly string[] {
  const rows = (all ? receivers : receivers.slice(0, shown)).map(cellsOf);
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = rows.map((row) =>
    row
      .map((cell, column) => ({ text: cell.padEnd(widths[column] ?? 0), column }))
      .filter(({ column }) => (widths[column] ?? 0) > 0)
      .map(({ text, column }) => (column === 0 ? style.strong(text) : column === row.length - 1 ? style.place(text) : text))
      .join('  '),
  );
  const more = receivers.length - rows.length;
  return more > 0 ? [...lines, style.faint(`… and ${more} more (--all)`)] : lines;
}

function cellsOf({ address, share, priority, locality, tls, workload, origin }: Receiver): readonly string[] {
  return [
    address,
    percent(share),
    workload ?? '',
    tls,
    [priority > 0 ? `priority ${priority}` : '', locality].filter((text) => text !== '').join(', '),
    origin ? shortPlace(origin) : '',
  ];
}
