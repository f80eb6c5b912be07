import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { EchoBackends } from '../harness/echo-backends.ts';
import { pinnedNode, ServeProcess } from '../harness/serve-process.ts';
import { grpcBootstrapEnv } from '../harness/xds-bootstrap.ts';
import { type ClientCommand, ClientProcess } from './proxyless/client-process.ts';
import { describeProxylessClient } from './proxyless/client-suite.ts';
import { echoService, MeshFiles } from './proxyless/mesh-files.ts';

function jsClient(env: Readonly<Record<string, string>>): ClientCommand {
  return { file: pinnedNode, args: [join(import.meta.dirname, 'proxyless/js-client.ts')], env };
}

describeProxylessClient({
  name: '@grpc/grpc-js-xds',
  command: jsClient,
  // After 15 s without an answer it takes the listener for missing, as it should, but leaves calls waiting for a name.
  unknownService: /^DEADLINE_EXCEEDED: .*waiting for name resolution/,
});

test('a server of @grpc/grpc-js-xds listens as it is told and takes calls', async () => {
  const address = '127.0.1.4';
  const files = await MeshFiles.create();
  const free = await EchoBackends.start([address]);
  free.stop();
  await files.write('echo', echoService('echo', free.port, [{ address, version: 'v1' }]));
  const serve = await ServeProcess.start(files.directory);
  const socket = `${address}:${free.port}`;
  const env = { ...process.env, ...grpcBootstrapEnv(serve.xds, address) };
  const server = spawn(pinnedNode, [join(import.meta.dirname, 'proxyless/js-server.ts'), socket], { env });
  const client = new ClientProcess(jsClient(grpcBootstrapEnv(serve.xds)));
  try {
    const [line] = (await once(createInterface({ input: server.stdout }), 'line')) as [string];
    expect(line).toBe('SERVING');
    const outcome = await client.call({ target: 'xds:///echo:7070', calls: 5, timeoutMs: 20_000 });
    expect(outcome).toEqual({ answers: { [socket]: 5 }, errors: [] });
    expect(serve.log()).not.toContain('response refused');
  } finally {
    server.kill('SIGTERM');
    await client.stop();
    await serve.stop();
    await files.remove();
  }
});
