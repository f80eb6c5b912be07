import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Received bytes after which those that are done with are given back. */
const everyBytes = 1024 * 1024;

/**
 * Has V8 collect what is young whenever so many bytes were received: told of each request, it takes a millisecond or two per megabyte.
 *
 * Received bytes live outside of V8's heap, in memory that goes when small objects are collected, and these are so small that V8 sees no
 * reason to look at them; it collects the whole heap because of the bytes instead. An endpoint that changed, acknowledged by 100
 * state-of-the-world proxies with 190 kB each, cost 0.36 CPU seconds, and costs 0.13 so (docs/performance.md).
 */
export function collectReceived(): (bytes: number) => void {
  let received = 0;
  let collect: ((options: { readonly type: 'minor' }) => void) | undefined;
  return (bytes) => {
    received += bytes;
    if (received < everyBytes) return;
    received = 0;
    collect ??= exposedCollector();
    collect({ type: 'minor' });
  };
}

/** A context that is made while the flag is set has the function, and nobody else. */
function exposedCollector(): (options: { readonly type: 'minor' }) => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options: { readonly type: 'minor' }) => void;
  setFlagsFromString('--no-expose-gc');
  return collect;
}
