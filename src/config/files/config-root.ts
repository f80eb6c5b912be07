import { join } from 'node:path';
import type { Issue } from '../../model/issue.ts';
import { configIssueCodes } from '../issue-codes.ts';
import type { Breather } from './breather.ts';
import type { DirectoryWatches } from './directory-watches.ts';
import { type ScanOutcome, scanTree } from './scan-tree.ts';

/** One directory of configuration as it was last seen, and the names of files in it. */
export class ConfigRoot {
  /** First part of the ids of its files. Ids sort by directory, then by path. */
  readonly prefix: string;
  /** Every directory in the tree, by path, with its path relative to the root. */
  directories: ReadonlyMap<string, string> = new Map();
  /** The root's own troubles: not there, parts of it unreadable, too large. */
  issues: readonly Issue[] = [];
  isThere = false;
  wasRead = false;
  hasLinks = false;
  private readonly path: string;
  private unreadable: readonly string[] = [];

  constructor(path: string, number: number) {
    this.path = path;
    this.prefix = `${String(number).padStart(4, '0')}:`;
  }

  idOf(relative: string): string {
    return `${this.prefix}${relative}`;
  }

  idIn(directory: string, name: string): string {
    const relative = this.directories.get(directory) ?? '';
    return this.idOf(relative === '' ? name : `${relative}/${name}`);
  }

  relativeOf(id: string): string {
    return id.slice(this.prefix.length);
  }

  pathOf(id: string): string {
    return join(this.path, this.relativeOf(id));
  }

  /** Whether the file is below something that could not be read. */
  isUnknown(id: string): boolean {
    const relative = this.relativeOf(id);
    return this.unreadable.some((above) => above === '' || relative === above || relative.startsWith(`${above}/`));
  }

  async scan(breather: Breather, watches: DirectoryWatches): Promise<ScanOutcome> {
    const directories = new Map<string, string>();
    const scan = await scanTree(this.path, breather, (path, relative, stats) => {
      directories.set(path, relative);
      this.directories = new Map([...this.directories, [path, relative]]);
      watches.ensure(path, stats);
    });
    this.directories = directories;
    this.isThere = scan !== 'missing';
    if (scan === 'missing') {
      this.issues = [
        this.issue(configIssueCodes.missingDirectory, 'the directory is not there; what was last read from it stays in force', ''),
      ];
      return scan;
    }
    this.wasRead ||= !scan.unreadable.has('');
    this.hasLinks = scan.files.values().some(({ isLink }) => isLink);
    this.unreadable = [...scan.unreadable.keys()];
    const issues = [...scan.unreadable].map(([relative, why]) =>
      this.issue(configIssueCodes.unreadable, `it cannot be read: ${why}`, relative),
    );
    if (scan.isTruncated)
      issues.push(this.issue(configIssueCodes.tooLarge, 'the directory holds too many files or levels; the rest is not read', ''));
    this.issues = issues;
    return scan;
  }

  private issue(code: string, message: string, relative: string): Issue {
    return { code, severity: 'error', message, position: { file: join(this.path, relative), line: 1, column: 1 } };
  }
}
