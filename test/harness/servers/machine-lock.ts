import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/**
 * Runs `work` while nobody else on this machine runs work under the same name, in whatever process. The lock is a socket of
 * Linux's abstract namespace: it needs no file, and is free again when its holder ends, however that ends.
 */
export async function withMachineLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const path = `\0coxswain-${name}`;
  const waiting = new Set<Socket>();
  let held = await tryListen(path, waiting);
  while (!held) {
    await untilReleased(path);
    held = await tryListen(path, waiting);
  }
  try {
    return await work();
  } finally {
    held.close();
    for (const socket of waiting) socket.destroy();
  }
}

async function tryListen(path: string, waiting: Set<Socket>): Promise<Server | undefined> {
  const server = createServer((socket) => {
    waiting.add(socket);
    socket.on('error', () => {});
  });
  try {
    server.listen(path);
    await once(server, 'listening');
    return server;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
}

/** Resolves when the holder hangs up. */
async function untilReleased(path: string): Promise<void> {
  const socket = connect(path);
  socket.on('error', () => {});
  socket.resume();
  await new Promise<void>((resolve) => socket.once('close', () => resolve()));
}
