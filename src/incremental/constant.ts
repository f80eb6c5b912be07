import { Node } from './node.ts';
import type { Runtime } from './runtime.ts';

/** A value that never changes, so it need not know its readers. */
export class ConstantNode<T> extends Node<T> {
  readonly level = 0;
  readonly busy = false;
  private readonly value: T;

  constructor(runtime: Runtime, value: T) {
    super(runtime);
    this.value = value;
  }

  current(): T {
    return this.value;
  }

  override link(): void {}
  override unlink(): void {}
}
