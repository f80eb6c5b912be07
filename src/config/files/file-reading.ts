import type { CancelTimer, Clock } from '../../lib/clock.ts';
import type { Issue } from '../../model/issue.ts';
import { configIssueCodes } from '../issue-codes.ts';
import type { FileIndex } from './file-index.ts';
import { type FileParser, parseFile } from './parse-file.ts';
import { type FileSignature, type ReadOutcome, readBytes, sameSignature } from './read-bytes.ts';
import type { ScannedFile } from './scan-tree.ts';

export interface FileReadingOptions {
  readonly index: FileIndex;
  readonly clock: Clock;
  readonly parser: FileParser;
  /** A file that was put off should be read now. */
  readonly again: (id: string) => void;
}

/**
 * How long a file that is being written in place is left alone. A file that was renamed into its place is complete, and
 * read at once.
 */
const settleMs = 20;

/** Reads files into the index, and remembers how each looked when it was read. */
export class FileReading {
  private readonly options: FileReadingOptions;
  private readonly signatures = new Map<string, FileSignature>();
  private readonly settling = new Map<string, CancelTimer>();
  private readonly settled = new Set<string>();

  constructor(options: FileReadingOptions) {
    this.options = options;
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
    const { index, parser } = this.options;
    const outcome = await readBytes(path, (signature) => this.isSettled(id, signature));
    if (outcome.kind === 'postponed') return 'later';
    this.settled.delete(id);
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
    index.put(id, path, await parseFile(outcome.bytes, parser, index.get(id)?.parsed));
    return 'there';
  }

  /** The file is gone for certain. */
  forget(id: string): void {
    this.signatures.delete(id);
    this.options.index.remove(id);
  }

  close(): void {
    for (const cancel of this.settling.values()) cancel();
    this.settling.clear();
  }

  private isSettled(id: string, signature: FileSignature): boolean {
    if (this.settled.has(id) || this.signatures.get(id)?.inode !== signature.inode) return true;
    if (this.settling.has(id)) return false;
    const ripen = () => {
      this.settling.delete(id);
      this.settled.add(id);
      this.options.again(id);
    };
    this.settling.set(id, this.options.clock.setTimeout(ripen, settleMs, { unref: true }));
    return false;
  }
}

function troubleOf(outcome: ReadOutcome & { readonly kind: 'unreadable' }): Issue {
  const code = outcome.isTooLarge ? configIssueCodes.tooLarge : configIssueCodes.unreadable;
  return { code, severity: 'error', message: `the file cannot be read: ${outcome.why}` };
}
