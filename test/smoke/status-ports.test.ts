import { expect, test, vi } from 'vitest';
import { startProxy } from '../harness/real-envoy.ts';
import { freePorts } from '../harness/servers/free-ports.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { serveXds } from '../harness/text-mesh-server.ts';

const address = '127.0.1.41';

test('a proxy says at ports of its own that it is configured, and its statistics, and nothing else', { timeout: 120_000 }, async () => {
  const mesh = await TextMesh.create({ config: [''] });
  const discovery = await serveXds(mesh.plane.source, mesh.protos);
  const [adminPort = 0, statusPort = 0, statsPort = 0] = await freePorts(3, address);
  const options = { name: 'gateway', type: 'router', address, namespace: 'default', xdsAddress: discovery.address } as const;
  const envoy = await startProxy(mesh.protos, { ...options, adminPort, statusPort, statsPort });
  try {
    const ready = await vi.waitFor(() => fetch(`http://${address}:${statusPort}/healthz/ready`), { timeout: 20_000, interval: 20 });
    expect([ready.status, (await ready.text()).trim()]).toEqual([200, 'LIVE']);
    const stats = await fetch(`http://${address}:${statsPort}/stats/prometheus`);
    expect([stats.status, await stats.text()]).toEqual([200, expect.stringContaining('envoy_server_live')]);
    const others = [`${statusPort}/quitquitquit`, `${statusPort}/stats/prometheus`, `${statsPort}/config_dump`];
    for (const path of others) expect((await fetch(`http://${address}:${path}`)).status).toBe(404);
  } finally {
    await envoy.stop();
    await discovery.stop();
  }
});
