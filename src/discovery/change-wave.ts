/**
 * The way of one change, or of several that were pushed together, through the fleet: from when it happened until the last
 * client concerned has answered, by type of resource.
 */
export class ChangeWave {
  /** Milliseconds since the epoch. */
  readonly sinceMs: number;
  private readonly report: (type: string, tookMs: number) => void;
  private readonly answeredAtMs = new Map<string, number>();
  /** Streams under way, and whoever began the wave. */
  private members = 1;

  constructor(sinceMs: number, report: (type: string, tookMs: number) => void) {
    this.sinceMs = sinceMs;
    this.report = report;
  }

  join(): void {
    this.members++;
  }

  /** The client has answered a response of that type. */
  answered(type: string, nowMs: number): void {
    this.answeredAtMs.set(type, nowMs);
  }

  /** A stream has converged, is gone, or goes with a later wave. The last one to leave reports. */
  leave(): void {
    this.members--;
    if (this.members > 0) return;
    for (const [type, atMs] of this.answeredAtMs) this.report(type, atMs - this.sinceMs);
  }
}
