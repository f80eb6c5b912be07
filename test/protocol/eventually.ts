/** Waits for a condition, however long the machine takes; fails where it does not come true at all. */
export async function eventually(condition: () => boolean, patienceMs = 20_000): Promise<void> {
  const end = Date.now() + patienceMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`never came true: ${condition.toString()}`);
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}
