import { once } from 'node:events';

/** Memory that a process still holds after its garbage was collected, asked of its inspector. */
export class ServerHeap {
  private readonly socket: WebSocket;
  private readonly waiting = new Map<number, (result: unknown) => void>();
  private asked = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.addEventListener('message', ({ data }) => {
      const { id, result } = JSON.parse(String(data)) as { readonly id?: number; readonly result?: unknown };
      if (id === undefined) return;
      this.waiting.get(id)?.(result);
      this.waiting.delete(id);
    });
  }

  static async connect(url: string): Promise<ServerHeap> {
    const socket = new WebSocket(url);
    await once(socket, 'open');
    return new ServerHeap(socket);
  }

  /** MiB. What was looked up through a WeakRef is held until a turn of the event loop ends, hence more than once. */
  async used(): Promise<number> {
    for (let times = 0; times < 3; times++) await this.ask('HeapProfiler.collectGarbage');
    const { usedSize } = (await this.ask('Runtime.getHeapUsage')) as { readonly usedSize: number };
    return usedSize / 2 ** 20;
  }

  close(): void {
    this.socket.close();
  }

  private ask(method: string): Promise<unknown> {
    const id = ++this.asked;
    return new Promise((resolve) => {
      this.waiting.set(id, resolve);
      this.socket.send(JSON.stringify({ id, method }));
    });
  }
}
