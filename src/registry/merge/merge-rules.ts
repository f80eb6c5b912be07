import type { MergeMode } from './merge-mode.ts';

/** What is configured about one host, by `namespace/hostname`. */
export interface MergeRule {
  readonly mode: MergeMode;
  /** Keys (`namespace/hostname`) of services of live registries that are this host as well. They stay what they are, too. */
  readonly with: readonly string[];
}
