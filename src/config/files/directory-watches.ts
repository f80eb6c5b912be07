import { type FSWatcher, type Stats, watch } from 'node:fs';
import { stat } from 'node:fs/promises';

/** A watched directory, and how it looked when it was last read. */
interface Watched {
  readonly inode: number;
  readonly watcher: FSWatcher | undefined;
  changedMs: number;
}

/**
 * One watch of the kernel per directory, none per file. The events are only a bell: who hears it reads the directory or
 * file again. A library on top would list and stat the whole directory at every event and hold a watch per file.
 */
export class DirectoryWatches {
  private readonly watched = new Map<string, Watched>();
  private readonly onEvent: (directory: string, name: string | undefined) => void;

  /** `onEvent` gets the path of a directory and the name in it, undefined where that is not known. */
  constructor(onEvent: (directory: string, name: string | undefined) => void) {
    this.onEvent = onEvent;
  }

  /** Watches the directory that has this path now; to be called before the directory is read. */
  ensure(path: string, stats: Stats): void {
    const known = this.watched.get(path);
    if (known?.watcher && known.inode === stats.ino) {
      known.changedMs = stats.mtimeMs;
      return;
    }
    known?.watcher?.close();
    this.watched.set(path, { inode: stats.ino, watcher: this.open(path), changedMs: stats.mtimeMs });
  }

  /** Directories that are gone, were replaced, changed without an event, or could not be watched when they were read. */
  async findChanged(): Promise<readonly string[]> {
    const changed: string[] = [];
    for (const [path, known] of this.watched) {
      const stats = await stat(path).catch(() => undefined);
      if (this.watched.get(path) !== known) continue;
      if (!stats) this.forget(path);
      if (!stats || !known.watcher || stats.ino !== known.inode || stats.mtimeMs !== known.changedMs) changed.push(path);
    }
    return changed;
  }

  close(): void {
    for (const path of [...this.watched.keys()]) this.forget(path);
  }

  private forget(path: string): void {
    this.watched.get(path)?.watcher?.close();
    this.watched.delete(path);
  }

  /** Undefined where the kernel has no watch left: then looking at the directory now and then must do. */
  private open(path: string): FSWatcher | undefined {
    try {
      const watcher = watch(path, { persistent: false }, (_, name) => this.onEvent(path, name ?? undefined));
      watcher.on('error', () => {
        if (this.watched.get(path)?.watcher === watcher) this.forget(path);
        this.onEvent(path, undefined);
      });
      return watcher;
    } catch {
      return undefined;
    }
  }
}
