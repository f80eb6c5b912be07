import { vi } from 'vitest';
import type { RunProxyOptions } from '../../../src/agent/proxy-command.ts';
import type { DiscoverySettings } from '../../../src/discovery/discovery-settings.ts';
import { envoyState, refusals } from '../../harness/envoy-dump.ts';
import { type RealEnvoy, startProxy, startProxyWithSds } from '../../harness/real-envoy.ts';
import { startSdsServer } from '../../harness/sds-server.ts';
import { TextMesh } from '../../harness/text-mesh.ts';
import { serveXds, type TestDiscovery } from '../../harness/text-mesh-server.ts';

export interface TrafficProxy extends Pick<RunProxyOptions, 'name' | 'type' | 'address'> {
  readonly labels?: Readonly<Record<string, string>>;
  /** `region/zone/subzone`. */
  readonly locality?: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** An SDS server stands beside it that has a certificate for every name. */
  readonly hasCertificates?: boolean;
}

/** A control plane in this process and real Envoys that follow it. */
export class TrafficMesh {
  readonly mesh: TextMesh;
  readonly discovery: TestDiscovery;
  private readonly envoys = new Map<string, RealEnvoy>();
  private readonly end = new AbortController();

  private constructor(mesh: TextMesh, discovery: TestDiscovery) {
    this.mesh = mesh;
    this.discovery = discovery;
  }

  /** Resolves when every Envoy listens. */
  static async start(
    config: readonly string[],
    proxies: readonly TrafficProxy[],
    settings: Partial<DiscoverySettings> = {},
  ): Promise<TrafficMesh> {
    const mesh = await TextMesh.create({ config: [config.join('\n---\n')] });
    const errors = mesh.texts.issues.filter(({ severity }) => severity === 'error');
    if (errors.length > 0) throw new Error(`invalid configuration: ${JSON.stringify(errors)}`);
    const traffic = new TrafficMesh(mesh, await serveXds(mesh.plane.source, mesh.protos, settings));
    await Promise.all(proxies.map((proxy) => traffic.add(proxy)));
    return traffic;
  }

  envoy(name: string): RealEnvoy {
    const envoy = this.envoys.get(name);
    if (envoy === undefined) throw new Error(`no Envoy ${name}`);
    return envoy;
  }

  /** Counters and gauges of an Envoy whose names match. */
  stats(name: string, pattern: string): Promise<ReadonlyMap<string, number>> {
    return this.envoy(name).admin.stats(pattern);
  }

  /** Changes objects; resolves when every proxy has acknowledged what came of it. */
  async apply(...objects: readonly string[]): Promise<void> {
    this.mesh.texts.apply(objects.join('\n---\n'));
    await this.discovery.settled();
  }

  /** What any proxy refused, or counted as refused. */
  async refused(): Promise<readonly string[]> {
    const counted = await Promise.all([...this.envoys.values()].map(({ admin }) => refusals(admin)));
    return [...this.discovery.nacks, ...counted.flat()];
  }

  async stop(): Promise<void> {
    await Promise.all([...this.envoys.values()].map((envoy) => envoy.stop()));
    this.end.abort();
    await this.discovery.stop();
  }

  private async add({ hasCertificates, ...proxy }: TrafficProxy): Promise<void> {
    const { protos } = this.mesh;
    const metadata = { ...proxy.metadata, ...(hasCertificates && { WORKLOAD_CERTIFICATES: 'sds' }) };
    const options = { ...proxy, metadata, namespace: 'shop', xdsAddress: this.discovery.address };
    const envoy = hasCertificates
      ? await startProxyWithSds(protos, options, await startSdsServer(protos, this.end.signal))
      : await startProxy(protos, options);
    this.envoys.set(proxy.name, envoy);
    await vi.waitFor(() => isListening(envoy), { timeout: 20_000, interval: 20 });
  }
}

async function isListening({ admin }: RealEnvoy): Promise<void> {
  const { activeListeners, warmingListeners } = await envoyState(admin);
  if (activeListeners.length === 0 || warmingListeners.length > 0 || !(await admin.isReady())) throw new Error('not listening yet');
}
