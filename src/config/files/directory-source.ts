import type { CancelTimer, Clock } from '../../lib/clock.ts';
import { onAbort } from '../../lib/on-abort.ts';
import type { Issue, Position } from '../../model/issue.ts';
import type { ObjectRef } from '../../model/object-ref.ts';
import type { ConfigSink, ConfigSource } from '../config-source.ts';
import { SlowReader } from '../yaml/slow-reader.ts';
import { Breather } from './breather.ts';
import { ConfigRoot } from './config-root.ts';
import { DirectoryWatches } from './directory-watches.ts';
import { FileIndex } from './file-index.ts';
import { FileReading } from './file-reading.ts';
import type { ParseObject } from './parse-document.ts';
import { RemovalQueue } from './removal-queue.ts';
import { isConfigName } from './scan-tree.ts';

export interface DirectorySourceOptions {
  /** `--config`, in order: of two files that define the same object the one in the earlier directory counts. */
  readonly directories: readonly string[];
  readonly parseObject: ParseObject;
  readonly clock: Clock;
}

/** How often directories are looked at in case an event was lost; every so many times also each file. */
const pollMs = 2000;
const pollsPerFullScan = 30;

/**
 * Directories of YAML and JSON files as a source. An event names a file; that file alone is read again, and everything
 * found in one go becomes one update. Removals are believed only after the directory was read again and time has passed,
 * and a directory that is not there removes nothing.
 */
export class DirectorySource implements ConfigSource {
  readonly name = 'files';
  private readonly clock: Clock;
  private readonly index = new FileIndex();
  private readonly breather: Breather;
  private readonly reader: SlowReader;
  private readonly reading: FileReading;
  private readonly removals: RemovalQueue;
  private readonly watches: DirectoryWatches;
  private readonly roots: readonly ConfigRoot[];
  private readonly dirtyFiles = new Set<string>();
  private readonly dirtyRoots = new Set<ConfigRoot>();
  private hasNews = false;
  private wasRead = false;
  private sink: ConfigSink | undefined;
  private isRunning = false;
  private isScheduled = false;
  private isClosed = false;
  private polls = 0;
  private cancelPoll: CancelTimer | undefined;
  private readonly synced = Promise.withResolvers<void>();

  constructor({ directories, parseObject, clock }: DirectorySourceOptions) {
    this.clock = clock;
    this.breather = new Breather(clock);
    this.reader = new SlowReader(clock);
    this.reading = new FileReading({
      index: this.index,
      clock,
      parseObject,
      breather: this.breather,
      reader: this.reader,
      again: (id) => this.markFile(id),
      onLate: () => this.markNews(),
    });
    this.removals = new RemovalQueue(clock, () => this.markRoots());
    this.watches = new DirectoryWatches((directory, name) => this.hear(directory, name));
    this.roots = directories.map((path, number) => new ConfigRoot(path, number));
  }

  async start(sink: ConfigSink, signal: AbortSignal): Promise<void> {
    this.sink = sink;
    onAbort(signal, () => this.close());
    if (this.isClosed) return;
    this.markRoots();
    this.schedulePoll();
    await this.run();
    await this.synced.promise;
  }

  /** Once every directory has been there and read. */
  hasSynced(): boolean {
    this.wasRead ||= this.reading.isComplete && this.roots.every((root) => root.wasRead);
    return this.wasRead;
  }

  positionOf(object: ObjectRef, path: readonly (string | number)[]): Position | undefined {
    return this.index.positionOf(object, path);
  }

  lineAt(position: Position): string | undefined {
    return this.index.lineAt(position);
  }

  private hear(directory: string, name: string | undefined): void {
    for (const root of this.roots) {
      if (!root.directories.has(directory)) continue;
      if (name !== undefined && isConfigName(name)) this.markFile(root.idIn(directory, name));
      else if (name === undefined || name === '..data' || !name.startsWith('.')) this.markRoot(root);
    }
  }

  private markFile(id: string): void {
    this.dirtyFiles.add(id);
    this.wake();
  }

  private markRoot(root: ConfigRoot): void {
    this.dirtyRoots.add(root);
    this.wake();
  }

  private markRoots(): void {
    for (const root of this.roots) this.markRoot(root);
  }

  private markNews(): void {
    this.hasNews = true;
    this.wake();
  }

  /** Events that arrive together are handled together. */
  private wake(): void {
    if (this.isRunning || this.isScheduled || this.isClosed || !this.sink) return;
    this.isScheduled = true;
    setImmediate(() => {
      this.isScheduled = false;
      if (!this.isRunning) void this.run();
    });
  }

  private async run(): Promise<void> {
    this.isRunning = true;
    this.breather.restart();
    while (!this.isClosed && (this.hasNews || this.dirtyRoots.size > 0 || this.dirtyFiles.size > 0)) {
      this.hasNews = false;
      await this.handleRoots();
      await this.handleFiles();
      if (!this.isClosed) this.handOver();
    }
    this.isRunning = false;
    if (this.hasSynced() || this.isClosed) this.synced.resolve();
  }

  private async handleRoots(): Promise<void> {
    const roots = [...this.dirtyRoots];
    this.dirtyRoots.clear();
    for (const root of roots) {
      const scan = await root.scan(this.breather, this.watches);
      const known = this.reading.knownOf(root.prefix);
      if (scan === 'missing') {
        this.removals.keep(known.keys());
        continue;
      }
      for (const [relative, file] of scan.files)
        if (this.reading.isNews(root.idOf(relative), file)) this.dirtyFiles.add(root.idOf(relative));
      const isEmpty = scan.files.size === 0;
      for (const id of known.keys()) {
        if (scan.files.has(root.relativeOf(id)) || root.isUnknown(id)) continue;
        this.index.markMissing(id, true);
        if (this.removals.isDue(id, isEmpty)) this.reading.forget(id);
      }
    }
  }

  private async handleFiles(): Promise<void> {
    const ids = [...this.dirtyFiles];
    this.dirtyFiles.clear();
    for (const id of ids) {
      const root = this.roots.find(({ prefix }) => id.startsWith(prefix));
      if (!root || this.isClosed) continue;
      const outcome = await this.reading.read(id, root.pathOf(id));
      if (outcome === 'there') this.removals.keep([id]);
      if (outcome === 'missing') this.removals.add(id);
      if (outcome === 'directory') this.dirtyRoots.add(root);
      await this.breather.breathe();
    }
  }

  private handOver(): void {
    const update = this.index.takeUpdate();
    const issues = new Map<string, readonly Issue[]>(update?.issues);
    for (const root of this.roots) issues.set(`directory ${root.prefix}`, root.issues);
    this.sink?.apply({ objects: update?.objects ?? [], issues });
  }

  private schedulePoll(): void {
    this.cancelPoll = this.clock.setTimeout(() => void this.poll(), pollMs, { unref: true });
  }

  private async poll(): Promise<void> {
    const isFull = ++this.polls % pollsPerFullScan === 0;
    const changed = await this.watches.findChanged();
    for (const root of this.roots) {
      if (isFull || root.hasLinks || !root.isThere || changed.some((path) => root.directories.has(path))) this.markRoot(root);
    }
    if (!this.isClosed) this.schedulePoll();
  }

  private close(): void {
    this.isClosed = true;
    this.cancelPoll?.();
    this.removals.close();
    this.reading.close();
    this.watches.close();
    this.reader.close();
    this.synced.resolve();
  }
}
