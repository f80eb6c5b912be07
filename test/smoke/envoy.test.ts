import { expect, test } from 'vitest';
import { meshObject, serviceAt } from '../e2e/traffic/mesh-objects.ts';
import { TrafficMesh } from '../e2e/traffic/traffic-mesh.ts';
import { EchoServer } from '../harness/echo-server.ts';
import { HttpClient } from '../harness/http-call.ts';

const address = '127.0.1.40';

/** The whole way once, with a real Envoy: YAML, control plane, ADS, sidecar, application. */
test('a real sidecar answers a request as the YAML says', { timeout: 120_000 }, async () => {
  const echo = await EchoServer.start('app');
  const listener = { port: { number: 18080, protocol: 'HTTP', name: 'http' }, bind: address, captureMode: 'NONE', hosts: ['./*'] };
  const config = [serviceAt('app.internal', [{ port: echo.port }]), meshObject('Sidecar', 'default', { egress: [listener] })];
  const traffic = await TrafficMesh.start(config, [{ name: 'client', type: 'sidecar', address }]);
  const client = new HttpClient();
  try {
    const answer = await client.call({ address, port: 18080, host: 'app.internal', path: '/hello' });
    expect(answer).toMatchObject({ status: 200, backend: 'app', echoed: { path: '/hello' } });
    expect(await traffic.refused()).toEqual([]);
  } finally {
    client.close();
    await traffic.stop();
    await echo.stop();
  }
});
