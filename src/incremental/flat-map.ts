import { Claims } from './claims.ts';
import { KeyedMap } from './keyed-map.ts';

/** Any number of output keys per source key; where several source keys want the same one, the smallest has it. */
export class FlatMap<A, B> extends KeyedMap<A, Iterable<readonly [string, B]>, B> {
  readonly label = 'flatMap';
  private readonly outputs = new Map<string, ReadonlyMap<string, B>>();
  private readonly claims = new Claims();
  private readonly affected = new Set<string>();

  protected override accept(key: string, result: Iterable<readonly [string, B]> | undefined): void {
    const next = firstOfEach(result ?? []);
    const before = this.outputs.get(key);
    if (before) for (const output of before.keys()) if (!next.has(output)) this.release(output, key);
    for (const output of next.keys()) {
      this.claims.add(output, key);
      this.affected.add(output);
    }
    if (next.size > 0) this.outputs.set(key, next);
    else this.outputs.delete(key);
  }

  /** Outputs are decided once all source keys are known, so that a moved output changes once. */
  protected override finish(): void {
    for (const output of this.affected) {
      const owner = this.claims.owner(output);
      try {
        this.put(output, owner === undefined ? undefined : this.outputs.get(owner)?.get(output));
      } catch (error) {
        this.runtime.report(error, output);
      }
    }
    this.affected.clear();
  }

  protected override clear(): void {
    super.clear();
    this.outputs.clear();
    this.claims.clear();
    this.affected.clear();
  }

  private release(output: string, key: string): void {
    this.claims.remove(output, key);
    this.affected.add(output);
  }
}

function firstOfEach<B>(entries: Iterable<readonly [string, B]>): ReadonlyMap<string, B> {
  const first = new Map<string, B>();
  for (const [key, value] of entries) if (value !== undefined && !first.has(key)) first.set(key, value);
  return first;
}
