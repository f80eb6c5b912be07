/** Follows one service until the signal aborts; rejects as a watch of Consul does. */
export type FollowService = (name: string, signal: AbortSignal) => Promise<void>;

export interface ServiceWatchesOptions {
  readonly budget: number;
  readonly follow: FollowService;
  readonly onFailure: (error: unknown) => void;
}

/** A blocking query of its own for each of a few services, as far as the budget goes: the first by name. */
export class ServiceWatches {
  private readonly options: ServiceWatchesOptions;
  private readonly running = new Map<string, AbortController>();
  private wanted: readonly string[] = [];
  private budget: number;

  constructor(options: ServiceWatchesOptions) {
    this.options = options;
    this.budget = options.budget;
  }

  get count(): number {
    return this.running.size;
  }

  isWatched(name: string): boolean {
    return this.running.has(name);
  }

  /** Watches these, of which there may be more than the budget allows. */
  set(names: readonly string[]): void {
    this.wanted = [...names].sort();
    this.settle();
  }

  /** Consul has no more connections for us: a third of the watches makes room. */
  shrink(): void {
    this.budget = Math.floor((Math.min(this.budget, this.running.size) * 2) / 3);
    this.settle();
  }

  stop(): void {
    this.wanted = [];
    this.settle();
  }

  private settle(): void {
    const allowed = new Set(this.wanted.slice(0, this.budget));
    for (const [name, end] of this.running) {
      if (allowed.has(name)) continue;
      this.running.delete(name);
      end.abort();
    }
    for (const name of allowed) if (!this.running.has(name)) this.start(name);
  }

  private start(name: string): void {
    const end = new AbortController();
    this.running.set(name, end);
    this.options.follow(name, end.signal).catch((error: unknown) => {
      if (!end.signal.aborted) this.options.onFailure(error);
    });
  }
}
