/** Resolves, and aborts its signal, when the process is asked to end: SIGTERM, SIGINT, or the end of standard input where that is wanted. */
export function untilToldToStop(exitWithStdin: boolean): { readonly signal: AbortSignal; readonly promise: Promise<void> } {
  const controller = new AbortController();
  const { promise, resolve } = Promise.withResolvers<void>();
  const stop = () => {
    controller.abort();
    process.stdin.destroy();
    resolve();
  };
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  if (exitWithStdin) process.stdin.once('end', stop).once('close', stop).resume();
  return { signal: controller.signal, promise };
}
