import { isUtf8 } from 'node:buffer';

export interface DecodedFile {
  readonly text: string;
  /** First place that is not UTF-8, per line of the file; such bytes are U+FFFD in the text. */
  readonly badLines: ReadonlyMap<number, number>;
}

const byteOrderMark = '\ufeff';

/** Text of a file; a byte order mark is dropped. Lines with invalid UTF-8 are listed with the column of the first bad byte. */
export function decodeFile(bytes: Buffer): DecodedFile {
  const text = bytes.toString('utf8');
  const clean = text.startsWith(byteOrderMark) ? text.slice(1) : text;
  return { text: clean, badLines: isUtf8(bytes) ? new Map() : badLines(bytes) };
}

function badLines(bytes: Buffer): ReadonlyMap<number, number> {
  const found = new Map<number, number>();
  for (let start = 0, line = 1; start < bytes.length; line++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline < 0 ? bytes.length : newline;
    const part = bytes.subarray(start, end);
    if (!isUtf8(part)) found.set(line, part.toString('utf8').indexOf('\ufffd') + 1);
    start = end + 1;
  }
  return found;
}
