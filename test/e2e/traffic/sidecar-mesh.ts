import { EchoServer } from '../../harness/echo-server.ts';
import { HttpClient } from '../../harness/http-call.ts';
import { httpPort, meshObject } from './mesh-objects.ts';
import { TrafficMesh, type TrafficProxy } from './traffic-mesh.ts';

/** Where the sidecar of the client takes requests. */
export const clientSidecar = { address: '127.0.1.41', port: httpPort };
/** The same for a client that may only call what is known. */
export const strictSidecar = { address: '127.0.1.42', port: httpPort };
/** Where the sidecar of the server takes requests. */
export const serverSidecar = { address: '127.0.1.44', port: 18090 };
export const tcpPort = 19000;

/** Applications behind the mesh, by name. */
export interface Backends {
  readonly v1: EchoServer;
  readonly v2: EchoServer;
  readonly shadow: EchoServer;
  /** For tests that change how it answers. */
  readonly odd: EchoServer;
}

/** A client with sidecars in front of four applications, without interception: every listener has an address of its own. */
export class SidecarMesh {
  readonly backends: Backends;
  readonly traffic: TrafficMesh;
  readonly client = new HttpClient();

  private constructor(backends: Backends, traffic: TrafficMesh) {
    this.backends = backends;
    this.traffic = traffic;
  }

  static async start(config: (backends: Backends) => readonly string[]): Promise<SidecarMesh> {
    const [v1, v2, shadow, odd] = await Promise.all(['v1', 'v2', 'shadow', 'odd'].map((name) => EchoServer.start(name)));
    const backends = { v1, v2, shadow, odd } as Backends;
    return new SidecarMesh(backends, await TrafficMesh.start([...sidecars(backends.v1.port), ...config(backends)], proxies));
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.traffic.stop();
    await Promise.all(Object.values(this.backends).map((backend: EchoServer) => backend.stop()));
  }
}

const proxies: readonly TrafficProxy[] = [
  { name: 'client', type: 'sidecar', address: clientSidecar.address, labels: { app: 'client' } },
  { name: 'strict', type: 'sidecar', address: strictSidecar.address, labels: { app: 'strict' } },
  { name: 'server', type: 'sidecar', address: serverSidecar.address, labels: { app: 'server' } },
];

function sidecars(serverPort: number): readonly string[] {
  const listener = (address: string, number: number, protocol: string) => ({
    port: { number, protocol, name: protocol.toLowerCase() },
    bind: address,
    captureMode: 'NONE',
  });
  const sidecar = (app: string, spec: object) => meshObject('Sidecar', app, { workloadSelector: { labels: { app } }, ...spec });
  return [
    sidecar('client', {
      egress: [
        { ...listener(clientSidecar.address, httpPort, 'HTTP'), hosts: ['./*'] },
        { ...listener(clientSidecar.address, tcpPort, 'TCP'), hosts: ['./tcp.internal'] },
      ],
    }),
    sidecar('strict', {
      outboundTrafficPolicy: { mode: 'REGISTRY_ONLY' },
      egress: [{ ...listener(strictSidecar.address, httpPort, 'HTTP'), hosts: ['./*'] }],
    }),
    sidecar('server', {
      ingress: [{ ...listener(serverSidecar.address, serverSidecar.port, 'HTTP'), defaultEndpoint: `127.0.0.1:${serverPort}` }],
      egress: [{ hosts: ['~/*'] }],
    }),
  ];
}
