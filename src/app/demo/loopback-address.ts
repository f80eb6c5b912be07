import { createServer, type Server } from 'node:net';
import { StartupError } from '../startup-error.ts';

export interface LoopbackAddress {
  readonly host: string;
  readonly port: number;
}

/** The demo cannot begin; the message says why and what to do. */
export class DemoError extends StartupError {
  override readonly name = 'DemoError';
}

/** Listens until the signal. Rejects with a DemoError where the address is taken or not there. */
export async function listenOn(server: Server, address: LoopbackAddress, signal: AbortSignal): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => reject(explained(error, address)));
    server.listen(address.port, address.host, resolve);
  });
  signal.addEventListener('abort', () => server.close(), { once: true });
}

/**
 * Makes sure that nobody listens on an address that an Envoy is going to take. Two Envoys could share it without an error
 * (SO_REUSEPORT) and each would get half of the requests.
 */
export async function expectFree(address: LoopbackAddress): Promise<void> {
  const probe = createServer();
  const done = new AbortController();
  await listenOn(probe, address, done.signal);
  await new Promise<void>((resolve) => {
    probe.once('close', resolve);
    done.abort();
  });
}

export function explained(error: NodeJS.ErrnoException, { host, port }: LoopbackAddress): Error {
  if (error.code === 'EADDRINUSE') {
    return new DemoError(`${host}:${port} is in use: another demo may be running on this machine; end it first`, { cause: error });
  }
  if (error.code === 'EADDRNOTAVAIL') {
    return new DemoError(
      `${host} is not an address of this machine. The demo gives every workload a loopback address of its own, which Linux has without being asked; ` +
        `on macOS add each first: sudo ifconfig lo0 alias ${host} up`,
      { cause: error },
    );
  }
  return error;
}
