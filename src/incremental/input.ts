import type { Equal, Input } from './cell.ts';
import { Node } from './node.ts';
import type { Runtime } from './runtime.ts';

/** A single outside fact. */
export class InputNode<T> extends Node<T> implements Input<T> {
  readonly level = 0;
  readonly busy = false;
  private value: T;
  private readonly equal: Equal<T>;

  constructor(runtime: Runtime, value: T, equal: Equal<T>) {
    super(runtime);
    this.value = value;
    this.equal = equal;
  }

  current(): T {
    return this.value;
  }

  set(value: T): void {
    if (this.equal(this.value, value)) return;
    this.runtime.change();
    this.value = value;
    this.markReaders(true);
    this.runtime.changed();
  }
}
