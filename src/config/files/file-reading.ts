import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Issue } from '../../model/issue.ts';
import { configIssueCodes } from '../issue-codes.ts';
import type { SlowReader } from '../yaml/slow-reader.ts';
import type { Breather } from './breather.ts';
import type { FileIndex } from './file-index.ts';
import type { ParseObject } from './parse-document.ts';
import { type FileParser, parseFile } from './parse-file.ts';
import { type FileSignature, type ReadOutcome, readBytes, sameSignature } from './read-bytes.ts';
import type { ScannedFile } from './scan-tree.ts';

export interface FileReadingOptions {
  readonly index: FileIndex;
  readonly clock: Clock;
  readonly breather: Breather;
  readonly reader: SlowReader;
  readonly parseObject: ParseObject;
  /** A file that was put off should be read now. */
  readonly again: (id: string) => void;
  /** A file that took long has been put into the index. */
  readonly onLate: () => void;
}

/**
 * How long a file that is being written in place is left alone. A file that was renamed into its place is complete, and
 * read at once.
 */
const settleMs = 20;

/** How long a file that was emptied is given to fill again. */
const emptyMs = 2000;

/** Reads files into the index, and remembers how each looked when it was read. */
export class FileReading {
  private readonly options: FileReadingOptions;
  private readonly signatures = new Map<string, FileSignature>();
  private readonly settling = new Patience();
  private readonly emptied = new Patience();
  /** Files that are being parsed aside; the symbol says which reading of the file it is. */
  private readonly late = new Map<string, symbol>();
  private readonly quickParser: FileParser;
  private readonly slowParser: FileParser;

  constructor(options: FileReadingOptions) {
    this.options = options;
    const { parseObject, reader, breather } = options;
    this.quickParser = { parseObject, read: (text) => reader.readNow(text), breathe: () => breather.breathe() };
    this.slowParser = { ...this.quickParser, read: (text) => reader.read(text) };
  }

  /** Whether no file is being parsed aside. */
  get isComplete(): boolean {
    return this.late.size === 0;
  }

  /** Ids with this prefix that were read or tried. */
  knownOf(prefix: string): ReadonlySet<string> {
    return new Set([...this.options.index.ids()].filter((id) => id.startsWith(prefix)));
  }

  isNews(id: string, { signature }: ScannedFile): boolean {
    const known = this.signatures.get(id);
    return !known || !sameSignature(known, signature) || (this.options.index.get(id)?.isMissing ?? true);
  }

  async read(id: string, path: string): Promise<'there' | 'missing' | 'directory' | 'later'> {
    const { index } = this.options;
    const outcome = await readBytes(path, (signature) => this.isSettled(id, signature));
    if (outcome.kind === 'postponed') return 'later';
    if (outcome.kind === 'directory') return 'directory';
    if (outcome.kind === 'missing') {
      if (!index.get(id)) return 'there';
      index.markMissing(id, true);
      return 'missing';
    }
    if (outcome.kind === 'unreadable') {
      this.signatures.delete(id);
      index.trouble(id, path, troubleOf(outcome));
      return 'there';
    }
    this.signatures.set(id, outcome.signature);
    if (outcome.bytes.length > 0) this.emptied.forget(id);
    else if ((index.get(id)?.inForce.size ?? 0) > 0 && !this.emptied.isOver(id, emptyMs, this.options)) return 'later';
    this.late.delete(id);
    const parsed = await parseFile(outcome.bytes, this.quickParser, index.get(id)?.parsed);
    if (parsed) index.put(id, path, parsed);
    else void this.readAside(id, path, outcome.bytes);
    return 'there';
  }

  /** Does not hold up other files, and counts only if the file was not read again in the meantime. */
  private async readAside(id: string, path: string, bytes: Buffer): Promise<void> {
    const { index, onLate } = this.options;
    const reading = Symbol(id);
    this.late.set(id, reading);
    const parsed = await parseFile(bytes, this.slowParser, index.get(id)?.parsed);
    if (this.late.get(id) !== reading) return;
    this.late.delete(id);
    if (parsed) index.put(id, path, parsed);
    onLate();
  }

  /** The file is gone for certain. */
  forget(id: string): void {
    this.signatures.delete(id);
    this.late.delete(id);
    this.options.index.remove(id);
  }

  close(): void {
    this.settling.close();
    this.emptied.close();
  }

  private isSettled(id: string, signature: FileSignature): boolean {
    return this.signatures.get(id)?.inode !== signature.inode || this.settling.isOver(id, settleMs, this.options);
  }
}

/** Waits once for each file that asks for it. */
class Patience {
  private readonly waiting = new Map<string, CancelTimer>();
  private readonly over = new Set<string>();

  /** False at first; then the file is to be read again, and it is true once. */
  isOver(id: string, delayMs: number, { clock, again }: Pick<FileReadingOptions, 'clock' | 'again'>): boolean {
    if (this.over.delete(id)) return true;
    if (this.waiting.has(id)) return false;
    const ripen = () => {
      this.waiting.delete(id);
      this.over.add(id);
      again(id);
    };
    this.waiting.set(id, clock.setTimeout(ripen, delayMs, { unref: true }));
    return false;
  }

  forget(id: string): void {
    this.waiting.get(id)?.();
    this.waiting.delete(id);
    this.over.delete(id);
  }

  close(): void {
    for (const cancel of this.waiting.values()) cancel();
    this.waiting.clear();
  }
}

function troubleOf(outcome: ReadOutcome & { readonly kind: 'unreadable' }): Issue {
  const code = outcome.isTooLarge ? configIssueCodes.tooLarge : configIssueCodes.unreadable;
  return { code, severity: 'error', message: `the file cannot be read: ${outcome.why}` };
}
