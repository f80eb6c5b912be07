import type { KubeResource } from './kube-resource.ts';

/** Where a server has a kind. Custom kinds come, go and change their version. */
export interface ServedPlace {
  readonly kind: string;
  /** `absent`: the server has no such kind, which is certain. `pending`: it cannot be told, or is about to come. */
  current(): KubeResource | 'absent' | 'pending';
  /** Resolves when `current` may have changed, or with the signal. */
  changed(signal: AbortSignal): Promise<void>;
  /** The server says that the place is not there (404). */
  isMissing(): void;
}

/** Of a kind that every server has. */
export function fixedPlace(resource: KubeResource): ServedPlace {
  return {
    kind: resource.kind,
    current: () => resource,
    changed: (signal) => new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    isMissing: () => undefined,
  };
}
