import { setTimeout as pause } from 'node:timers/promises';

/** Resolves when a condition holds, also outside of Vitest; rejects with what was last wrong when it does not within 20 s. */
export async function until(isSo: () => Promise<string | undefined>): Promise<void> {
  const deadline = performance.now() + 20_000;
  for (;;) {
    const wrong = await isSo().catch((error: unknown) => String(error));
    if (wrong === undefined) return;
    if (performance.now() > deadline) throw new Error(wrong);
    await pause(5);
  }
}
