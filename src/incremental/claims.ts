/** Which source keys want an output key; the smallest by code units owns it. Nearly always there is just one. */
export class Claims {
  private readonly byOutput = new Map<string, string | string[]>();

  owner(output: string): string | undefined {
    const claims = this.byOutput.get(output);
    return typeof claims === 'object' ? claims[0] : claims;
  }

  add(output: string, source: string): void {
    const claims = this.byOutput.get(output);
    if (claims === undefined) this.byOutput.set(output, source);
    else if (typeof claims === 'object') insert(claims, source);
    else if (claims !== source) this.byOutput.set(output, claims < source ? [claims, source] : [source, claims]);
  }

  remove(output: string, source: string): void {
    const claims = this.byOutput.get(output);
    if (claims === source) this.byOutput.delete(output);
    if (typeof claims !== 'object') return;
    const at = position(claims, source);
    if (claims[at] === source) claims.splice(at, 1);
    const [last] = claims;
    if (claims.length === 1 && last !== undefined) this.byOutput.set(output, last);
  }

  clear(): void {
    this.byOutput.clear();
  }
}

function insert(sorted: string[], key: string): void {
  const at = position(sorted, key);
  if (sorted[at] !== key) sorted.splice(at, 0, key);
}

/** Where a key stands in a sorted list, or would stand. */
function position(sorted: readonly string[], key: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? '') < key) low = middle + 1;
    else high = middle;
  }
  return low;
}
