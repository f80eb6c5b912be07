import type { EncodedResource } from './resource-source.ts';

interface Segment {
  readonly resources: readonly EncodedResource[];
  readonly bytes: Buffer;
}

/** Segments that begin with the same resource and go on differently, as namespaces see them differently. */
const mostVariants = 8;

/**
 * Encodes long lists of resources in parts that are kept. Where a part ends is decided by the resource that ends it, so that
 * lists which differ in a few resources have all other parts in common: proxies that see nearly the same share nearly all bytes.
 */
export class Segments {
  private readonly known = new WeakMap<EncodedResource, readonly Segment[]>();
  private readonly encode: (resources: readonly EncodedResource[]) => Buffer;

  constructor(encode: (resources: readonly EncodedResource[]) => Buffer) {
    this.encode = encode;
  }

  parts(resources: readonly EncodedResource[]): readonly Buffer[] {
    const parts: Buffer[] = [];
    for (let from = 0; from < resources.length; ) {
      const segment =
        this.known.get(resources[from] as EncodedResource)?.find((known) => isAt(known, resources, from)) ?? this.make(resources, from);
      parts.push(segment.bytes);
      from += segment.resources.length;
    }
    return parts;
  }

  private make(all: readonly EncodedResource[], from: number): Segment {
    let to = from + 1;
    while (to < all.length && !endsSegment(all[to - 1] as EncodedResource)) to++;
    const resources = all.slice(from, to);
    const segment = { resources, bytes: this.encode(resources) };
    const first = all[from] as EncodedResource;
    this.known.set(first, [segment, ...(this.known.get(first) ?? [])].slice(0, mostVariants));
    return segment;
  }
}

/** One resource in eighteen: versions are hashes in base 36. */
function endsSegment({ version }: EncodedResource): boolean {
  return version.endsWith('0') || version.endsWith('i');
}

function isAt({ resources }: Segment, all: readonly EncodedResource[], from: number): boolean {
  for (let i = 0; i < resources.length; i++) if (resources[i] !== all[from + i]) return false;
  // A part that ended with its list is none inside a longer one.
  return from + resources.length === all.length || endsSegment(resources.at(-1) as EncodedResource);
}
