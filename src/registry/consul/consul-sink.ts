import type { ConsulFailure } from './consul-failure.ts';
import type { ServiceFacts } from './service-facts.ts';

/** Where a watcher puts what it learns. */
export interface ConsulSink {
  /** All services, read anew and complete; the questions behind it were asked after `askedAt`, in milliseconds of the clock. */
  replace(all: ReadonlyMap<string, ServiceFacts>, askedAt: number): void;
  /** Services that were read or judged anew; undefined where one is gone. */
  change(changed: ReadonlyMap<string, ServiceFacts | undefined>): void;
  /** A question is being asked. */
  asked(): void;
  /** An answer came that can be believed. */
  alive(): void;
  /** What was said last holds no more for sure. */
  failed(failure: ConsulFailure): void;
  /** Of a change that is known by name and has not been read yet: since when, in milliseconds of the clock; undefined where there is none. */
  pendingSince(since: number | undefined): void;
}
