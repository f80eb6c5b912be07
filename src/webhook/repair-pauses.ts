const firstMs = 1000;
const longestMs = 300_000;
/** What stays right for so long is no fight any more. */
const peaceMs = 600_000;

/** How long to wait before something is repaired again that others keep overwriting: longer each time, until they leave it alone. */
export class RepairPauses {
  private readonly now: () => number;
  private readonly repairs = new Map<string, { readonly count: number; readonly lastMs: number }>();

  /** `now` in milliseconds. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Milliseconds; 0 where it may be repaired at once. */
  before(name: string): number {
    const known = this.repairs.get(name);
    if (known === undefined) return 0;
    return Math.max(0, known.lastMs + Math.min(longestMs, firstMs * 2 ** (known.count - 1)) - this.now());
  }

  repaired(name: string): void {
    this.repairs.set(name, { count: (this.repairs.get(name)?.count ?? 0) + 1, lastMs: this.now() });
  }

  /** It was found to be as it should. */
  right(name: string): void {
    const known = this.repairs.get(name);
    if (known && this.now() - known.lastMs > peaceMs) this.repairs.delete(name);
  }
}
