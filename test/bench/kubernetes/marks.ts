/** When marks in the endpoints arrived, in milliseconds: at a watcher of our own, and at each proxy. */
export class Marks {
  private readonly proxies: number;
  private readonly heard = new Map<string, number>();
  private readonly arrived = new Map<string, number[]>();
  private wake: () => void = () => {};

  constructor(proxies: number) {
    this.proxies = proxies;
  }

  hear(text: string, mark: string): void {
    if (text.includes(mark) && !this.heard.has(mark)) this.heard.set(mark, performance.now());
    this.wake();
  }

  arrive(message: Buffer, mark: string): void {
    if (message.includes(mark)) this.arrived.set(mark, [...(this.arrived.get(mark) ?? []), performance.now()]);
    this.wake();
  }

  /** Resolves when every proxy has it, with the milliseconds from the watch event to each of them. */
  async of(mark: string): Promise<readonly number[]> {
    while (!this.heard.has(mark) || (this.arrived.get(mark) ?? []).length < this.proxies)
      await new Promise<void>((resolve) => {
        this.wake = resolve;
      });
    const at = this.heard.get(mark) ?? 0;
    return (this.arrived.get(mark) ?? []).map((ms) => Math.max(0, ms - at));
  }
}
