import { type AddressInfo, createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { DemoError, expectFree, explained, listenOn } from './loopback-address.ts';

describe('addresses of the demo', () => {
  it('names an address that somebody else holds', async () => {
    const stop = new AbortController();
    const other = createServer();
    await listenOn(other, { host: '127.0.0.1', port: 0 }, stop.signal);
    const { port } = other.address() as AddressInfo;
    await expect(expectFree({ host: '127.0.0.1', port })).rejects.toThrow(new RegExp(`^127\\.0\\.0\\.1:${port} is in use`));
    const closed = new Promise((resolve) => other.once('close', resolve));
    stop.abort();
    await closed;
    await expect(expectFree({ host: '127.0.0.1', port })).resolves.toBeUndefined();
  });

  it('says how to add a loopback address where the system has only one', () => {
    const error = explained(Object.assign(new Error('bind'), { code: 'EADDRNOTAVAIL' }), { host: '127.0.1.11', port: 8080 });
    expect(error).toBeInstanceOf(DemoError);
    expect(error.message).toContain('sudo ifconfig lo0 alias 127.0.1.11 up');
  });

  it('leaves other errors as they are', () => {
    const error = Object.assign(new Error('bind EACCES'), { code: 'EACCES' });
    expect(explained(error, { host: '127.0.1.11', port: 80 })).toBe(error);
  });
});
