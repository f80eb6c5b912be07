import { type Dirent, readdirSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { compareText } from '../../model/config-object.ts';
import type { Breather } from './breather.ts';
import { type FileSignature, failure, signatureOf } from './read-bytes.ts';

/** Directories below each other, and files in all of them, beyond which a tree is not read further. */
const maxDepth = 32;
const maxFiles = 50_000;

export interface ScannedFile {
  readonly path: string;
  readonly signature: FileSignature;
  readonly isLink: boolean;
}

export interface TreeScan {
  /** By path relative to the root, `/` between names. */
  readonly files: ReadonlyMap<string, ScannedFile>;
  /** Directories that cannot be read, relative to the root, and why: nothing is known about what is below them. */
  readonly unreadable: ReadonlyMap<string, string>;
  readonly isTruncated: boolean;
}

export type ScanOutcome = TreeScan | 'missing';

/** Names that count as configuration; whatever begins with a dot is hidden. */
export function isConfigName(name: string): boolean {
  return !name.startsWith('.') && (name.endsWith('.yaml') || name.endsWith('.yml') || name.endsWith('.json'));
}

/** Lists the files of a tree, following links but no loop of links. `enter` is called before a directory is read. */
export async function scanTree(
  root: string,
  breather: Breather,
  enter: (path: string, relative: string, stats: Stats) => void,
): Promise<ScanOutcome> {
  const scan = new Scan(breather, enter);
  await scan.directory(root, '', []);
  return scan.unreadable.get('') === missing ? 'missing' : scan;
}

const missing = 'it is not there';

class Scan implements TreeScan {
  readonly files = new Map<string, ScannedFile>();
  readonly unreadable = new Map<string, string>();
  isTruncated = false;
  private readonly breather: Breather;
  private readonly enter: (path: string, relative: string, stats: Stats) => void;

  constructor(breather: Breather, enter: (path: string, relative: string, stats: Stats) => void) {
    this.breather = breather;
    this.enter = enter;
  }

  async directory(path: string, relative: string, above: readonly string[]): Promise<void> {
    await this.breather.breathe();
    const entries = this.list(path, relative, above);
    if (!entries) return;
    for (const entry of entries.names) await this.entry(entry, join(path, entry.name), relative, entries.above);
  }

  private list(
    path: string,
    relative: string,
    above: readonly string[],
  ): { readonly names: Dirent[]; readonly above: readonly string[] } | undefined {
    try {
      const stats = statSync(path);
      const identity = `${stats.dev}:${stats.ino}`;
      if (above.includes(identity)) return undefined;
      if (above.length >= maxDepth) {
        this.isTruncated = true;
        return undefined;
      }
      this.enter(path, relative, stats);
      const names = readdirSync(path, { withFileTypes: true }).filter(({ name }) => !name.startsWith('.'));
      names.sort((a, b) => compareText(a.name, b.name));
      return { names, above: [...above, identity] };
    } catch (error) {
      const reason = failure(error);
      if (reason.kind === 'unreadable') this.unreadable.set(relative, reason.why);
      else if (relative === '') this.unreadable.set('', missing);
      return undefined;
    }
  }

  private async entry(entry: Dirent, path: string, parent: string, above: readonly string[]): Promise<void> {
    const relative = parent === '' ? entry.name : `${parent}/${entry.name}`;
    const isLink = entry.isSymbolicLink();
    if (entry.isDirectory()) return this.directory(path, relative, above);
    if (!isLink && !isConfigName(entry.name)) return undefined;
    const stats = this.statOf(path, relative);
    if (stats?.isDirectory()) return this.directory(path, relative, above);
    if (!stats || !isConfigName(entry.name)) return undefined;
    if (this.files.size >= maxFiles) this.isTruncated = true;
    else this.files.set(relative, { path, signature: signatureOf(stats), isLink });
    return this.breather.breathe();
  }

  /** A link that leads nowhere counts as absent, one that leads in circles as unreadable. */
  private statOf(path: string, relative: string): Stats | undefined {
    try {
      return statSync(path);
    } catch (error) {
      const reason = failure(error);
      if (reason.kind === 'unreadable') this.unreadable.set(relative, reason.why);
      return undefined;
    }
  }
}
