import { maxNesting } from './nesting.ts';

/** What expanded aliases may add up to. */
const maxNodes = 1_000_000;

/**
 * Turns what the YAML parser made (integers as BigInt) into JSON values; an integer that a double cannot hold becomes
 * text. Says why where it is no JSON: cycles and floods of aliases, keys that would reach a prototype.
 */
export function toPlainData(value: unknown): { readonly value: unknown } | { readonly refusal: string } {
  const walk = new Walk();
  const plain = walk.visit(value, 0);
  return walk.refusal === undefined ? { value: plain } : { refusal: walk.refusal };
}

class Walk {
  refusal: string | undefined;
  private nodes = 0;

  visit(value: unknown, depth: number): unknown {
    if (typeof value === 'bigint') return plainInteger(value);
    if (typeof value !== 'object' || value === null) return value;
    if (depth > maxNesting) this.refusal = `collections are nested deeper than ${maxNesting}, or an alias contains itself`;
    else if (++this.nodes > maxNodes) this.refusal = `the aliases expand to more than ${maxNodes} values`;
    if (this.refusal !== undefined) return null;
    if (Array.isArray(value)) return value.map((item) => this.visit(item, depth + 1));
    const plain: Record<string, unknown> = {};
    for (const [key, item] of Object.entries(value)) {
      if (key === '__proto__') this.refusal = 'a key may not be "__proto__"';
      else plain[key] = this.visit(item, depth + 1);
    }
    return plain;
  }
}

function plainInteger(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}
