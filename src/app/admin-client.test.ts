import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { getJson } from './admin-client.ts';
import { StartupError } from './startup-error.ts';

async function serverThat(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

const sentence = async (address: string): Promise<unknown> => getJson(address, '/debug/x').catch((error: unknown) => error);

test('what a control plane answers', async () => {
  const address = await serverThat((request, response) => response.end(JSON.stringify({ path: request.url })));
  expect(await getJson(address, '/debug/x?y')).toEqual({ path: '/debug/x?y' });
});

test('whoever cannot answer is named', async () => {
  const notFound = await serverThat((_, response) => response.writeHead(404).end('{}'));
  expect(await sentence(notFound)).toEqual(
    new StartupError(`${notFound} answers 404 to /debug/x: is it the HTTP port of a control plane?`),
  );
  const noJson = await serverThat((_, response) => response.end('<html>'));
  expect(await sentence(noJson)).toEqual(new StartupError(`${noJson} does not answer /debug/x as a control plane would`));
  const closing = await serverThat((request) => request.socket.destroy());
  expect(await sentence(closing)).toMatchObject({ message: expect.stringMatching(/^no control plane at .*\(--http-address/) as string });
});

test('nobody is there', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.close();
  await once(server, 'close');
  expect(await sentence(address)).toEqual(
    new StartupError(`no control plane at ${address}: nobody listens there (--http-address says where it is)`),
  );
});
