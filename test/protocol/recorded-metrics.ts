// Discovery metrics that a test can look at.
import type { DiscoveryMetrics } from '../../src/discovery/discovery-metrics.ts';

export class RecordedMetrics implements DiscoveryMetrics {
  readonly pushes = new Map<string, number>();
  /** Bytes handed to the transport, by type. */
  readonly pushedBytes = new Map<string, number>();
  readonly rejects: string[] = [];
  readonly expired: string[] = [];
  readonly failures: string[] = [];
  readonly refusals: string[] = [];
  readonly convergedMs: number[] = [];
  readonly queuedMs: number[] = [];
  readonly made: string[] = [];
  readonly triggers: string[] = [];
  readonly answeredChanges: string[] = [];
  writes = 0;
  writeTimeouts = 0;

  pushed(type: string, bytes: number): void {
    this.pushes.set(type, (this.pushes.get(type) ?? 0) + 1);
    this.pushedBytes.set(type, (this.pushedBytes.get(type) ?? 0) + bytes);
  }
  rejected(type: string): void {
    this.rejects.push(type);
  }
  nonceExpired(type: string): void {
    this.expired.push(type);
  }
  written(): void {
    this.writes++;
  }
  madeIn(type: string): void {
    this.made.push(type);
  }
  triggered(reason: string): void {
    this.triggers.push(reason);
  }
  changeAnswered(type: string): void {
    this.answeredChanges.push(type);
  }
  writeTimedOut(): void {
    this.writeTimeouts++;
  }
  sourceFailed(type: string): void {
    this.failures.push(type);
  }
  queued(ms: number): void {
    this.queuedMs.push(ms);
  }
  converged(ms: number): void {
    this.convergedMs.push(ms);
  }
  refused(reason: string): void {
    this.refusals.push(reason);
  }
}
