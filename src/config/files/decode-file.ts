import { isUtf8 } from 'node:buffer';

export interface DecodedFile {
  readonly text: string;
  /** Else every byte that is not UTF-8 is U+FFFD in the text. */
  readonly isValid: boolean;
}

const byteOrderMark = '\ufeff';

/** Text of a file; a byte order mark is dropped. */
export function decodeFile(bytes: Buffer): DecodedFile {
  const text = bytes.toString('utf8');
  return { text: text.startsWith(byteOrderMark) ? text.slice(1) : text, isValid: isUtf8(bytes) };
}
