import { setFlagsFromString } from 'node:v8';

/** The first release of Node whose V8 knows the flag; others write a complaint to the standard error. */
const firstMajor = 24;

/**
 * Received messages live outside of V8's heap. By default it collects the whole heap, a quarter of a second of CPU for a large
 * mesh, whenever 64 MB of such bytes have come and gone: once for every endpoint that changes while 100 state-of-the-world
 * proxies repeat their names. With this flag such bytes count towards the limit that the heap has anyway.
 */
export function collectorFlags(nodeVersion: string): readonly string[] {
  return Number.parseInt(nodeVersion, 10) >= firstMajor ? ['--external-memory-accounted-in-global-limit'] : [];
}

export function tuneCollector(nodeVersion: string): void {
  for (const flag of collectorFlags(nodeVersion)) setFlagsFromString(flag);
}
