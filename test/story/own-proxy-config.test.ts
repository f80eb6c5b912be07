import { describe, expect, it } from 'vitest';
import { goldenCases } from '../harness/golden-case.ts';
import { type TestProxy, TextMesh } from '../harness/text-mesh.ts';

interface MeshConfigText {
  readonly defaultConfig?: Readonly<Record<string, unknown>>;
}

/** What a proxy is served, by type and name. */
function served(mesh: TextMesh, proxy: TestProxy): object {
  const views = mesh.connect(proxy);
  try {
    const { clusters, endpoints, listeners, routes } = mesh.allResources(views);
    return { clusters, endpoints, listeners, routes };
  } finally {
    views.close();
  }
}

describe('a ProxyConfig of its own', () => {
  const [one] = goldenCases().filter(({ name }) => name === 'mesh-config/proxy-config');
  if (one === undefined) throw new Error('the case is gone');
  const { defaultConfig, ...others } = JSON.parse(one.meshConfig) as MeshConfigText;
  const outside = JSON.stringify({
    apiVersion: 'networking.istio.io/v1',
    kind: 'ServiceEntry',
    metadata: { name: 'outside', namespace: 'shop' },
    spec: { hosts: ['outside.example.com'], resolution: 'DNS', ports: [{ number: 80, name: 'http', protocol: 'HTTP' }] },
  });
  const config = [...one.config, outside];

  it.each(['REDIRECT', 'NONE'])('comes to the same as one that holds for the whole mesh (%s)', async (mode) => {
    const plain: TestProxy = { ...one.proxy, metadata: { ...one.proxy.metadata, INTERCEPTION_MODE: mode, HTTP_PROXY_PORT: '15080' } };
    const own: TestProxy = { ...plain, metadata: { ...plain.metadata, PROXY_CONFIG: defaultConfig } };
    const ofMesh = await TextMesh.create({ config, meshConfig: one.meshConfig });
    const without = await TextMesh.create({ config, meshConfig: JSON.stringify(others) });
    const before = served(without, plain);
    expect(served(without, own)).toEqual(served(ofMesh, plain));
    expect(served(without, own)).not.toEqual(before);
    expect(served(without, plain)).toEqual(before);
  });

  it('keeps connection settings of the mesh where it has none', async () => {
    const mesh = await TextMesh.create({ config, meshConfig: one.meshConfig });
    const { connectionSettings: _, ...rest } = defaultConfig ?? {};
    const own: TestProxy = { ...one.proxy, metadata: { ...one.proxy.metadata, PROXY_CONFIG: rest } };
    expect(served(mesh, own)).toEqual(served(mesh, one.proxy));
  });
});
