import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ChaosProxy } from './chaos-proxy.ts';

/** An echo behind the proxy, and one client. */
describe('ChaosProxy', () => {
  let echo: Server;
  let proxy: ChaosProxy;
  let client: Client;

  beforeEach(async () => {
    echo = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => {});
      socket.pipe(socket);
    });
    echo.listen(0, '127.0.0.1');
    await once(echo, 'listening');
    proxy = await ChaosProxy.start({ host: '127.0.0.1', port: (echo.address() as AddressInfo).port });
    client = new Client(proxy.port);
    await client.say('hello', 'hello');
  });

  afterEach(() => {
    client.socket.destroy();
    proxy.stop();
    echo.close();
  });

  test('hands on in both directions, and the end of one of them', async () => {
    expect([proxy.accepted, proxy.open]).toEqual([1, 1]);
    client.socket.end('bye');
    await vi.waitFor(() => expect([client.heard, client.end]).toEqual(['hellobye', 'FIN']));
    await vi.waitFor(() => expect(proxy.open).toBe(0));
  });

  test('holds everything back in a stall, also for those who come, and hands it on when it heals', async () => {
    proxy.stall();
    const newcomer = new Client(proxy.port);
    client.socket.write('late');
    newcomer.socket.write('later');
    await vi.waitFor(() => expect(proxy.accepted).toBe(2));
    // the way past the proxy is free: had it let anything through, it would be here by now
    await once(
      connect((echo.address() as AddressInfo).port, '127.0.0.1')
        .end('x')
        .resume(),
      'close',
    );
    expect([client.heard, newcomer.heard, client.end]).toEqual(['hello', '', '']);
    await proxy.heal();
    await vi.waitFor(() => expect([client.heard, newcomer.heard]).toEqual(['hellolate', 'later']));
    newcomer.socket.destroy();
  });

  test('resets', async () => {
    proxy.reset();
    await vi.waitFor(() => expect(client.end).toBe('ECONNRESET'));
  });

  test('closes one half: what the client says still arrives, and nothing comes back', async () => {
    const received: string[] = [];
    echo.once('connection', (socket: Socket) => socket.on('data', (data) => received.push(String(data))));
    const other = new Client(proxy.port);
    await other.say('a', 'a');
    proxy.halfClose();
    await vi.waitFor(() => expect(other.end).toBe('FIN'));
    other.socket.write('b');
    await vi.waitFor(() => expect(received.join('')).toBe('ab'));
    expect(other.heard).toBe('a');
    other.socket.destroy();
  });

  test('cuts after so many bytes', async () => {
    proxy.set({ cutAfterBytes: 3 });
    client.socket.write('abcdef');
    await vi.waitFor(() => expect([client.heard, client.end]).toEqual(['helloabc', 'FIN']));
  });

  test('corrupts one byte', async () => {
    proxy.set({ corruptByteAt: 1 });
    client.socket.write('abc');
    await vi.waitFor(() => expect(client.heard).toHaveLength('helloabc'.length));
    expect(client.heard).toMatch(/^helloa[^b]c$/);
  });

  test('refuses those who come, and no others, until it heals', async () => {
    proxy.refuse();
    const newcomer = new Client(proxy.port);
    await vi.waitFor(() => expect(newcomer.end).toBe('ECONNREFUSED'));
    await client.say('still here', 'hellostill here');
    await proxy.heal();
    await new Client(proxy.port).say('again', 'again', true);
  });

  test('delays, and throttles', async () => {
    proxy.set({ delayMs: 40, jitterMs: 10 });
    const begin = performance.now();
    await client.say('x', 'hellox');
    // once in each direction
    expect(performance.now() - begin).toBeGreaterThan(78);
    proxy.set({ bytesPerSecond: 1000 });
    const then = performance.now();
    await client.say('y'.repeat(50), `hellox${'y'.repeat(50)}`);
    expect(performance.now() - then).toBeGreaterThan(98);
  });
});

class Client {
  readonly socket: Socket;
  heard = '';
  /** How it ended: the code of an error, or FIN. */
  end = '';

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    this.socket.setEncoding('latin1');
    this.socket.on('data', (text: string) => {
      this.heard += text;
    });
    this.socket.on('error', (error: NodeJS.ErrnoException) => {
      this.end = error.code ?? error.message;
    });
    this.socket.on('end', () => {
      this.end = 'FIN';
    });
  }

  async say(text: string, until: string, last = false): Promise<void> {
    this.socket.write(text);
    await vi.waitFor(() => expect(this.heard).toBe(until));
    if (last) this.socket.destroy();
  }
}
