import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { EchoServer } from '../../harness/echo-server.ts';
import { type Answer, HttpClient } from '../../harness/http-call.ts';
import { httpPort, meshObject, serviceAt } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const sidecar = { address: '127.0.77.71', port: httpPort };

/** Filters of users in a real Envoy: code in Lua in the listener, modules asked for by name. */
describe('filters of users', () => {
  let app: EchoServer;
  let traffic: TrafficMesh;

  beforeAll(async () => {
    app = await EchoServer.start('app');
    traffic = await TrafficMesh.start(
      [
        serviceAt('app.internal', [{ port: app.port }]),
        meshObject('Sidecar', 'client', {
          egress: [
            { port: { number: httpPort, protocol: 'HTTP', name: 'http' }, bind: sidecar.address, captureMode: 'NONE', hosts: ['./*'] },
          ],
        }),
      ],
      [{ name: 'client', type: 'sidecar', address: sidecar.address, labels: { app: 'client' } }],
    );
  });

  afterAll(async () => {
    await traffic.stop();
    await app.stop();
  });

  /** Over a connection of its own: others stay with a listener as it was. */
  async function call(): Promise<Answer> {
    const http = new HttpClient();
    const answer = await http.call({ ...sidecar, host: 'app.internal' });
    http.close();
    return answer;
  }

  async function listenersMade(): Promise<number> {
    const stats = await traffic.stats('client', String.raw`^listener_manager\.listener_(added|modified|create_success)$`);
    return [...stats.values()].reduce((sum, value) => sum + value, 0);
  }

  const lua = (code: string, more: object = {}) => extension('TrafficExtension', 'lua', { lua: { inlineCode: code }, ...more });
  const plugin = (failStrategy: string) => extension('WasmPlugin', 'wasm', { url: 'oci://registry.example.com/filter:v1', failStrategy });

  test('code in Lua sees requests, as it is now', async () => {
    await traffic.apply(lua('function envoy_on_request(handle) handle:headers():add("x-lua", "one") end'));
    await vi.waitFor(async () => expect((await call()).echoed?.headers).toMatchObject({ 'x-lua': 'one' }), { timeout: 15_000 });
    await traffic.apply(lua('function envoy_on_request(handle) handle:headers():add("x-lua", "two") end'));
    await vi.waitFor(async () => expect((await call()).echoed?.headers).toMatchObject({ 'x-lua': 'two' }), { timeout: 15_000 });
  });

  test('and not those of another port or workload', async () => {
    const code = 'function envoy_on_request(handle) handle:respond({[":status"] = "418"}, "") end';
    await traffic.apply(lua(code, { match: [{ ports: [{ number: 1 }] }] }));
    await vi.waitFor(async () => expect((await call()).echoed?.headers).not.toHaveProperty('x-lua'), { timeout: 15_000 });
    await traffic.apply(lua(code, { selector: { matchLabels: { app: 'server' } } }));
    expect((await call()).status).toBe(200);
  });

  test('a module that nobody can fetch lets nothing through, unless it may be skipped; the listener stays', async () => {
    await traffic.apply(plugin('FAIL_CLOSE'));
    await vi.waitFor(async () => expect((await call()).status).toBe(403), { timeout: 15_000 });
    const before = await listenersMade();
    await traffic.apply(plugin('FAIL_OPEN'));
    await vi.waitFor(async () => expect((await call()).status).toBe(200), { timeout: 15_000 });
    await traffic.apply(plugin('FAIL_RELOAD'));
    await vi.waitFor(async () => expect((await call()).status).toBe(403), { timeout: 15_000 });
    expect(await listenersMade()).toBe(before);
  });

  test('it is gone with its object', async () => {
    traffic.mesh.texts.remove({ kind: 'WasmPlugin', namespace: 'shop', name: 'wasm' });
    await traffic.discovery.settled();
    await vi.waitFor(async () => expect((await call()).status).toBe(200), { timeout: 15_000 });
  });

  test('nothing of it was refused', async () => {
    expect(await traffic.refused()).toEqual([]);
  });
});

function extension(kind: string, name: string, spec: object): string {
  return JSON.stringify({ apiVersion: 'extensions.istio.io/v1alpha1', kind, metadata: { name, namespace: 'shop' }, spec });
}
