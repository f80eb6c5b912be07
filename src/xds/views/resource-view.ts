import type { MapCell } from '../../incremental/cell.ts';
import type { EncodedResource } from './encoded-resource.ts';

type Layers = readonly [own: ResourceView, shared: ResourceView];

/** One shared view as DiscoveryServer reads it. */
export class ResourceView {
  readonly key: string;
  readonly cell: MapCell<EncodedResource>;
  readonly layers?: Layers;
  private readonly makeAbsent: (name: string) => EncodedResource | undefined;

  constructor(key: string, cell: MapCell<EncodedResource>, makeAbsent: (name: string) => EncodedResource | undefined, layers?: Layers) {
    this.key = key;
    this.cell = cell;
    this.makeAbsent = makeAbsent;
    if (layers !== undefined) this.layers = layers;
  }

  revision(): number {
    return this.cell.changedAt();
  }

  get(name: string): EncodedResource | undefined {
    return this.cell.lookup(name);
  }

  all(): ReadonlyMap<string, EncodedResource> {
    return this.cell.get();
  }

  changedSince(revision: number): ReadonlySet<string> | undefined {
    return this.cell.changedSince(revision);
  }

  absent(name: string): EncodedResource | undefined {
    return this.makeAbsent(name);
  }
}
