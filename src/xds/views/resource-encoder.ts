import type { EncodedResource } from './encoded-resource.ts';

export interface ResourceEncoderOptions {
  /** Bytes of a `google.protobuf.Any` around a plain message with `@type`. */
  readonly encodeAny: (message: { readonly '@type': string }) => Uint8Array;
  /** Bytes of a plain message of the named type. */
  readonly encode: (typeName: string, message: object) => Uint8Array;
  /** Content hash of bytes. */
  readonly hash: (bytes: Uint8Array) => string;
}

/**
 * Encodes resources and remembers what was made of which values: builders are pure and values immutable, so the same
 * inputs (by identity) need never be built twice, whoever asks.
 */
export class ResourceEncoder {
  private readonly options: ResourceEncoderOptions;
  private readonly memo = new WeakMap<object, Memo>();

  constructor(options: ResourceEncoderOptions) {
    this.options = options;
  }

  encode(typeUrl: string, name: string, message: object): EncodedResource {
    const any = this.options.encodeAny({ '@type': typeUrl, ...message });
    return { name, any, version: this.options.hash(any) };
  }

  bytesOf(typeName: string, message: object): Uint8Array {
    return this.options.encode(typeName, message);
  }

  /** Content hash of bytes and of a text that follows them. */
  hashOf(bytes: Uint8Array, text?: string): string {
    const hash = this.options.hash(bytes);
    return text === undefined ? hash : this.options.hash(new TextEncoder().encode(`${hash},${text}`));
  }

  /**
   * What `make` returned for these very objects and this key before, else what it returns now. Remembered as long as somebody
   * holds all of it: a service outlives most of those that see it.
   */
  once(inputs: readonly [object, ...object[]], key: string, make: () => readonly EncodedResource[]): readonly EncodedResource[] {
    let memo = memoOf(this.memo, inputs[0]);
    for (const input of inputs.slice(1)) memo = memoOf(memo.next, input);
    const known = aliveOf(memo.values.get(key));
    if (known !== undefined) return known;
    const made = make();
    memo.values.set(
      key,
      made.map((resource) => new WeakRef(resource)),
    );
    if (memo.values.size >= memo.sweepAt) sweep(memo);
    return made;
  }
}

interface Memo {
  readonly next: WeakMap<object, Memo>;
  readonly values: Map<string, Remembered>;
  /** How many values there are when those that nobody holds are looked for. */
  sweepAt: number;
}

type Remembered = readonly WeakRef<EncodedResource>[];

const firstSweepAt = 16;

function memoOf(map: WeakMap<object, Memo>, input: object): Memo {
  const known = map.get(input);
  if (known !== undefined) return known;
  const memo: Memo = { next: new WeakMap(), values: new Map(), sweepAt: firstSweepAt };
  map.set(input, memo);
  return memo;
}

/** The resources, unless one of them has been forgotten. */
function aliveOf(remembered: Remembered | undefined): readonly EncodedResource[] | undefined {
  if (remembered === undefined) return undefined;
  const alive: EncodedResource[] = [];
  for (const reference of remembered) {
    const resource = reference.deref();
    if (resource === undefined) return undefined;
    alive.push(resource);
  }
  return alive;
}

/** Forgets what nobody holds; seldom enough to cost nothing per value. */
function sweep(memo: Memo): void {
  for (const [key, remembered] of memo.values) if (remembered.length === 0 || !aliveOf(remembered)) memo.values.delete(key);
  memo.sweepAt = Math.max(firstSweepAt, 2 * memo.values.size);
}
