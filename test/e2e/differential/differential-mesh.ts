import type { Node } from '../../../src/envoy/generated/envoy/config/core/v3/Node.ts';
import type { Listener } from '../../../src/envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { SimulatedRequest } from '../../../src/simulate/request.ts';
import type { ServedResources } from '../../../src/simulate/resources.ts';
import { createSimulator, type Simulator } from '../../../src/simulate/simulate.ts';
import type { ProxyViews } from '../../../src/xds/views/proxy-views.ts';
import { envoyState } from '../../harness/envoy-dump.ts';
import { type RealEnvoy, startProxy } from '../../harness/real-envoy.ts';
import { TextMesh } from '../../harness/text-mesh.ts';
import { serveXds, type TestDiscovery } from '../../harness/text-mesh-server.ts';
import { until } from '../../harness/until.ts';
import { type Asked, type Door, doors } from './asked.ts';
import { H2Client } from './h2-client.ts';
import { hostForms } from './names.ts';
import type { RawAnswer } from './raw-answer.ts';
import { RawClient } from './raw-client.ts';
import { RawEcho } from './raw-echo.ts';
import { servicePorts } from './rules.ts';
import {
  backendCount,
  fenceHost,
  fencePath,
  type Ground,
  gatewayPorts,
  httpProxyPort,
  meshConfigOf,
  objectsOf,
  type World,
} from './world.ts';

const sidecar = '127.0.1.61';
const gateway = '127.0.1.62';

/** One world after the other for two real Envoys, a sidecar and a gateway, and for the interpreter. */
export class DifferentialMesh {
  readonly backends: readonly RawEcho[];
  private readonly ground: Ground;
  private readonly mesh: TextMesh;
  private readonly discovery: TestDiscovery;
  private readonly envoys: readonly RealEnvoy[];
  private readonly views: readonly ProxyViews[];
  private readonly clients = new Map<string, RawClient | H2Client>();
  private simulators: readonly Simulator[] = [];
  private listeners = '';
  private worlds = 0;

  private constructor(
    parts: Pick<DifferentialMesh, 'backends'> & {
      ground: Ground;
      mesh: TextMesh;
      discovery: TestDiscovery;
      envoys: readonly RealEnvoy[];
      views: readonly ProxyViews[];
    },
  ) {
    this.backends = parts.backends;
    this.ground = parts.ground;
    this.mesh = parts.mesh;
    this.discovery = parts.discovery;
    this.envoys = parts.envoys;
    this.views = parts.views;
  }

  static async start(first: World): Promise<DifferentialMesh> {
    const backends = await Promise.all(Array.from({ length: backendCount }, (_, index) => RawEcho.start(`backend-${index}`)));
    const ground: Ground = { sidecar, gateway, backendPorts: backends.map(({ port }) => port) };
    const mesh = await TextMesh.create({ config: objectsOf(first, ground, 0), meshConfig: meshConfigOf(first) });
    const nodes: Node[] = [];
    const { source } = mesh.plane;
    const recording = {
      ready: () => source.ready(),
      admit: (node: Node, variant: 'sotw' | 'delta') => {
        nodes.push(node);
        return source.admit(node, variant);
      },
    };
    const discovery = await serveXds(recording, mesh.protos);
    const common = { namespace: 'shop', xdsAddress: discovery.address };
    const envoys = [
      await startProxy(mesh.protos, { ...common, name: 'client', type: 'sidecar', address: sidecar, labels: { app: 'client' } }),
      await startProxy(mesh.protos, { ...common, name: 'edge', type: 'router', address: gateway, labels: { app: 'edge' } }),
    ];
    await until(async () => (nodes.length === 2 ? undefined : 'the proxies do not connect'));
    // Whole route tables, of the very same proxies.
    const views = envoys.map((_, index) => {
      const type = index === 0 ? 'sidecar~' : 'router~';
      const node = nodes.find(({ id }) => id?.startsWith(type));
      const admitted = node === undefined ? { refused: 'no node' } : source.admit(node, 'sotw');
      if ('refused' in admitted) throw new Error(admitted.refused);
      return admitted;
    });
    const started = new DifferentialMesh({ backends, ground, mesh, discovery, envoys, views });
    await started.become(first);
    return started;
  }

  /** Resolves when both Envoys act upon the world. */
  async become(world: World): Promise<void> {
    this.worlds++;
    this.mesh.texts.replaceAll(objectsOf(world, this.ground, this.worlds), meshConfigOf(world));
    await this.discovery.settled();
    const served = this.views.map((views) => this.mesh.allResources(views));
    this.simulators = served.map((resources) => createSimulator(resources as unknown as ServedResources));
    const listeners = JSON.stringify(served.map((resources) => [...resources.listeners]));
    if (listeners !== this.listeners) {
      await this.listening(served.map((resources) => [...resources.listeners.values()] as Listener[]));
      this.listeners = listeners;
      // A listener that is new asks for its routes.
      await this.discovery.settled();
    }
    for (const door of doors) await until(() => this.lag(door));
  }

  /** What the Envoys refused, ever. */
  get refused(): readonly string[] {
    return this.discovery.nacks;
  }

  /** The same request of both. */
  requestOf(asked: Asked): SimulatedRequest {
    const { address, port } = this.doorOf(asked.door);
    const isProxied = asked.door === 'http proxy';
    const isUrl = isProxied && asked.version === 'http' && asked.path.startsWith('/');
    const host = hostForms[asked.form]?.(asked.host, isProxied ? 80 : port) ?? asked.host;
    return {
      direction: 'direct',
      destination: { address, port },
      source: { address: '127.0.0.1' },
      protocol: asked.version,
      method: asked.method,
      host,
      path: isUrl ? `http://${host}${asked.path}` : asked.path,
      headers: asked.headers,
    };
  }

  simulate(door: Door): Simulator {
    const simulator = this.simulators[door.includes('gateway') ? 1 : 0];
    if (simulator === undefined) throw new Error('no world yet');
    return simulator;
  }

  call(door: Door, { protocol, method = 'GET', path = '/', host = '', headers = [] }: SimulatedRequest): Promise<RawAnswer | undefined> {
    const { address, port } = this.doorOf(door);
    const key = `${door} ${protocol}`;
    const client = this.clients.get(key) ?? (protocol === 'http2' ? new H2Client(address, port) : new RawClient(address, port));
    this.clients.set(key, client);
    return client.call({ method, target: path, host, headers });
  }

  async stop(): Promise<void> {
    for (const client of this.clients.values()) client.close();
    for (const views of this.views) views.close();
    await Promise.all(this.envoys.map((envoy) => envoy.stop()));
    await this.discovery.stop();
    await Promise.all(this.backends.map((backend) => backend.stop()));
  }

  /** Envoy acknowledges before its workers have heard of it: why a door does not answer for this world yet. */
  private async lag(door: Door): Promise<string | undefined> {
    const fence = { host: fenceHost, path: door === 'http proxy' ? `http://${fenceHost}${fencePath}` : fencePath };
    const answer = await this.call(door, { direction: 'direct', destination: this.doorOf(door), protocol: 'http', ...fence });
    if (answer?.body === String(this.worlds) || answer?.status === 301) return undefined;
    return `${door} answers ${answer?.status} ${answer?.body} instead of ${this.worlds}; refused: ${this.refused.join()}`;
  }

  private doorOf(door: Door): { readonly address: string; readonly port: number } {
    switch (door) {
      case 'sidecar':
        return { address: sidecar, port: servicePorts[0] };
      case 'other sidecar port':
        return { address: sidecar, port: servicePorts[1] };
      case 'http proxy':
        return { address: sidecar, port: httpProxyPort };
      case 'gateway':
        return { address: gateway, port: gatewayPorts[0] };
      case 'other gateway port':
        return { address: gateway, port: gatewayPorts[1] };
    }
  }

  /** Old listeners keep their connections for a while: new ones are made once the new listeners are there. */
  private async listening(wanted: readonly (readonly Listener[])[]): Promise<void> {
    for (const client of this.clients.values()) client.close();
    this.clients.clear();
    await until(async () => {
      for (const [index, envoy] of this.envoys.entries()) {
        const { activeListeners, warmingListeners, warmingClusters } = await envoyState(envoy.admin);
        const names = (wanted[index] ?? []).map(({ name }) => name ?? '').sort();
        if (activeListeners.join() !== names.join()) return `active are ${activeListeners.join()} instead of ${names.join()}`;
        if (warmingListeners.length + warmingClusters.length > 0) return `warming: ${[...warmingListeners, ...warmingClusters].join()}`;
      }
      return undefined;
    });
  }
}
