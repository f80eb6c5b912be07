import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import { afterEach, expect, test, vi } from 'vitest';
import { ConsulCluster, type ConsulClusterOptions } from '../../harness/servers/consul-cluster.ts';
import { GokitProcess } from '../../harness/servers/gokit-process.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';

interface Entry {
  readonly Service: { readonly Address: string; readonly Port: number; readonly Tags: readonly string[] };
  readonly Checks: readonly { readonly CheckID: string; readonly Status: string }[];
}

/** The Consul that other suites stand on does what they trust it to do. */
describeNeeding(['consul', 'gokit', 'openssl'], 'Consul', () => {
  let cluster: ConsulCluster | undefined;
  const start = async (options?: ConsulClusterOptions) => {
    cluster = await ConsulCluster.start(options);
    return cluster;
  };
  afterEach(() => cluster?.stop());

  test('knows an instance from when Go-kit has registered it until it leaves', async () => {
    const { server } = await start();
    const flags = { registry: 'consul', 'registry-address': server.address, port: '0', version: 'v2', tag: 'vm' };
    const register = await GokitProcess.start({ flags });
    const port = Number(register.address.split(':')[1]);
    await vi.waitFor(async () => {
      const entries = await server.json<readonly Entry[]>('health/service/register?passing');
      expect(entries).toMatchObject([{ Service: { Address: '127.0.0.1', Port: port, Tags: ['vm'], Meta: { version: 'v2' } } }]);
    }, 15_000);
    const answer = await fetch(`http://${register.address}/discovery?serviceName=register`);
    expect(answer.headers.get('x-register-version')).toBe('v2');
    expect(await answer.json()).toEqual({ instances: [{ host: '127.0.0.1', port }], error: '' });
    await register.stop();
    expect(await server.json('health/service/register')).toEqual([]);
  });

  test('keeps its state when it is started again', async () => {
    const { server } = await start();
    await server.json('kv/key', { method: 'PUT', body: 'value' });
    await server.process.kill();
    await expect(server.call('kv/key?raw')).rejects.toThrow();
    await server.process.start();
    expect(await (await server.call('kv/key?raw')).text()).toBe('value');
  });

  test('with three servers it can lose one, and answers 500 without a leader', async () => {
    const { server, servers } = await start({ servers: 3 });
    const [, second, third] = servers;
    // what is asked on behalf of a stopped server hangs; without a leader Consul itself hopes for one for 7 s
    const status = async () => (await server.call('catalog/nodes', { timeoutMs: 10_000 })).status;
    third?.process.pause();
    await vi.waitFor(async () => expect(await status()).toBe(200), 30_000);
    second?.process.pause();
    await vi.waitFor(async () => expect(await status()).toBe(500), 60_000);
    for (const paused of [second, third]) paused?.process.resume();
    await vi.waitFor(async () => expect(await status()).toBe(200), 60_000);
  });

  test('denies strangers, with TLS and without', async () => {
    const consul = await start({ acl: true, tls: 'mutual' });
    const { server, authority } = consul;
    const { accessor, secret } = await consul.createToken('node_prefix "" { policy = "read" }');
    expect((await server.call('catalog/nodes', { token: 'unknown' })).status).toBe(403);
    expect(await server.json('catalog/nodes', { token: secret })).toHaveLength(1);
    await consul.revokeToken(accessor);
    await vi.waitFor(async () => expect((await server.call('catalog/nodes', { token: secret })).status).toBe(403), 40_000);

    const client = await authority.issue({ name: 'client' });
    const ca = readFileSync(authority.root.certificate);
    const identity = { cert: readFileSync(client.certificate), key: readFileSync(client.key) };
    const url = `https://${server.httpsAddress}/v1/status/leader`;
    expect(await statusOf(url, { ca, ...identity })).toBe(200);
    await expect(statusOf(url, { ca })).rejects.toThrow();
    await expect(statusOf(url, identity)).rejects.toThrow();
  });
});

function statusOf(url: string, tls: { readonly ca?: Buffer; readonly cert?: Buffer; readonly key?: Buffer }): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    request(url, { ...tls, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    })
      .on('error', reject)
      .end();
  });
}
