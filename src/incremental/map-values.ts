import { KeyedMap } from './keyed-map.ts';

/** The same keys with other values; a key whose result is undefined is left out. */
export class MapValues<A, B> extends KeyedMap<A, B | undefined, B> {
  readonly label = 'mapValues';

  protected override accept(key: string, result: B | undefined): void {
    this.put(key, result);
  }
}
