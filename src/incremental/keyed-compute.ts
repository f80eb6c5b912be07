import type { Node } from './node.ts';
import { CHECK, CLEAN, DIRTY, type Freshness } from './reader.ts';
import type { Frame } from './runtime.ts';
import { Sources } from './sources.ts';

/** The map for which a key is computed. */
export interface KeyedOwner {
  readonly level: number;
  readonly label: string;
  raise(level: number): void;
  keyMarked(key: string): void;
}

/** The reads of the compute of one key; kept only where a key read anything. */
export class KeyedCompute implements Frame {
  readonly sources = new Sources();
  key: string;
  freshness: Freshness = CLEAN;
  isRunning = false;
  private readonly owner: KeyedOwner;

  constructor(owner: KeyedOwner, key: string) {
    this.owner = owner;
    this.key = key;
  }

  get level(): number {
    return this.owner.level;
  }

  get label(): string {
    return `${this.owner.label} ${JSON.stringify(this.key)}`;
  }

  mark(certain: boolean): void {
    if (this.isRunning) return;
    const before = this.freshness;
    if (certain) this.freshness = DIRTY;
    else if (before === CLEAN) this.freshness = CHECK;
    if (before === CLEAN) this.owner.keyMarked(this.key);
  }

  raise(level: number): void {
    this.owner.raise(level);
  }

  track(source: Node<unknown>): void {
    if (this.sources.add(source)) source.link(this);
  }

  /** Whether the key must be computed again; if not, it is clean. */
  needsRun(): boolean {
    if (this.freshness === CHECK && !this.sources.refreshUntil(() => this.freshness === DIRTY)) this.freshness = CLEAN;
    return this.freshness !== CLEAN;
  }

  dispose(): void {
    this.sources.take().unlink(this);
  }
}
