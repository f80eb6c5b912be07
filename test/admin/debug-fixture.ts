import { Registry } from 'prom-client';
import { ConnectedProxies } from '../../src/admin/connected-proxies.ts';
import type { HttpEndpoint } from '../../src/admin/http-endpoint.ts';
import { adminEndpoints } from '../../src/app/admin-endpoints.ts';
import type { ConnectionStatus } from '../../src/discovery/connection-status.ts';
import type { ProxyHandle } from '../../src/discovery/resource-source.ts';
import { toStruct } from '../../src/lib/struct.ts';
import { parseNode } from '../../src/xds/node/parse-node.ts';
import { TextMesh, type TextMeshOptions } from '../harness/text-mesh.ts';

export const webNodeId = 'sidecar~10.0.0.1~web-1.shop~shop.svc.cluster.local';

export interface Page {
  readonly status: number;
  readonly contentType: string;
  readonly text: string;
  json<T = unknown>(): T;
}

/** The pages over a mesh in memory, with proxies that are connected in name only. */
export class DebugFixture {
  readonly mesh: TextMesh;
  readonly connections: ConnectionStatus[] = [];
  private readonly proxies: ConnectedProxies;
  private readonly endpoints: ReadonlyMap<string, HttpEndpoint>;

  private constructor(mesh: TextMesh) {
    this.mesh = mesh;
    this.proxies = new ConnectedProxies({ source: mesh.plane.source, parseNode });
    const endpoints = adminEndpoints({
      plane: mesh.plane,
      connections: () => this.connections,
      proxies: this.proxies,
      registry: new Registry(),
      protos: mesh.protos,
      build: { version: '1.2.3', revision: 'abc', status: 'Clean', tag: 'v1.2.3', runtime: 'node v24' },
      watches: () => [],
    });
    this.endpoints = new Map(endpoints.map((endpoint) => [endpoint.path, endpoint]));
  }

  static async create(options: TextMeshOptions): Promise<DebugFixture> {
    return new DebugFixture(await TextMesh.create(options));
  }

  get paths(): readonly string[] {
    return [...this.endpoints.keys()];
  }

  connect(nodeId: string, metadata: Readonly<Record<string, unknown>> = {}, status: Partial<ConnectionStatus> = {}): ProxyHandle {
    const handle = this.proxies.admit({ id: nodeId, metadata: toStruct(metadata), locality: { region: 'eu', zone: 'eu-1' } }, 'delta');
    if ('refused' in handle) throw new Error(handle.refused);
    this.connections.push({
      id: `c${this.connections.length + 1}`,
      nodeId,
      variant: 'delta',
      peer: '10.0.0.1:40000',
      connectedAt: Date.parse('2026-01-02T03:04:05Z'),
      requestsReceived: 2,
      responsesSent: 1,
      watches: [],
      ...status,
    });
    return handle;
  }

  async get(url: string): Promise<Page> {
    const [path = '', query = ''] = url.split('?', 2);
    const endpoint = this.endpoints.get(path);
    if (endpoint === undefined) throw new Error(`no endpoint ${path}`);
    const { status, contentType, body } = await endpoint.answer(new URLSearchParams(query));
    const text = typeof body === 'string' ? body : [...body].join('');
    return { status, contentType, text, json: <T>() => JSON.parse(text) as T };
  }
}
