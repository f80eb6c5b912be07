import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { RegistryReport } from '../../../src/admin/debug/registry-reports.ts';
import { loadProtos } from '../../../src/envoy/protos.ts';
import { EchoServer } from '../../harness/echo-server.ts';
import { patiently, StandingOracle } from '../../harness/oracle/standing-oracle.ts';
import { ServeProcess } from '../../harness/serve-process.ts';

export const trafficPort = 18080;
export const envoyAddress = '127.0.1.71';

export interface FaultWorldOptions {
  /** Files beside the Sidecar of the client, by name. */
  readonly config?: Readonly<Record<string, string>>;
  /** Registers `stable` at this port, which serves Meta `mesh-port: 18080`, before anything starts; returns the values of `--registry`. */
  readonly registries: (backendPort: number, directory: string) => Promise<readonly string[]>;
  readonly secrets?: readonly string[];
}

/** A control plane on registries, under the eyes of the oracle, with requests to `stable.service.consul` through a real Envoy. */
export class FaultWorld {
  readonly serve: ServeProcess;
  readonly oracle: StandingOracle;
  /** Flags of the control plane, for another one beside it. */
  readonly flags: readonly string[];
  /** Where the configuration lies. */
  readonly directory: string;
  private readonly backend: EchoServer;

  private constructor(serve: ServeProcess, oracle: StandingOracle, flags: readonly string[], directory: string, backend: EchoServer) {
    this.serve = serve;
    this.oracle = oracle;
    this.flags = flags;
    this.directory = directory;
    this.backend = backend;
  }

  static async start({ config = {}, registries, secrets = [] }: FaultWorldOptions): Promise<FaultWorld> {
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-consul-faults-'));
    const backend = await EchoServer.start('stable');
    const urls = await registries(backend.port, directory);
    await writeFile(join(directory, 'sidecar.yaml'), sidecar);
    for (const [name, text] of Object.entries(config)) await writeFile(join(directory, name), text);
    const flags = ['--config', directory, '--log-level', 'info', ...urls.flatMap((url) => ['--registry', url])];
    const serve = await ServeProcess.launch(flags);
    const oracle = await StandingOracle.start({
      serve,
      protos: loadProtos(),
      envoy: { name: 'client', address: envoyAddress, labels: { app: 'client' } },
      call: { address: envoyAddress, port: trafficPort, host: 'stable.service.consul' },
      isStable: (name) => name.includes('stable'),
      secrets,
    });
    return new FaultWorld(serve, oracle, flags, directory, backend);
  }

  async report(id = 'consul'): Promise<RegistryReport | undefined> {
    const reports = (await (await this.serve.get('/debug/registryz?status')).json()) as readonly RegistryReport[];
    return reports.find((report) => report.id === id);
  }

  /** Waits until a registry has come to this state, as the metric says too (O7), with the error in its last one where one is given. */
  async reports(state: string, error?: string, id = 'consul'): Promise<void> {
    await patiently(async () => {
      const report = await this.report(id);
      expect(report?.state).toBe(state);
      if (error === undefined) expect(report?.lastError).toBeUndefined();
      else expect(report?.lastError?.message).toContain(error);
    });
    const series = `coxswain_registry_state{registry="${id}",provider="Consul",state="${state}"}`;
    expect(await this.oracle.total('coxswain_registry_state', series), 'O7: the metric says so too').toBe(1);
    await this.oracle.notes(new RegExp(`^coxswain_registry_state\\{registry="${id}",provider="Consul",state="${state}"\\} 1`));
  }

  async stop(): Promise<void> {
    await this.oracle.stop();
    await this.serve.stop();
    await this.backend.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}

/** The cluster of a service that tests register. */
export function clusterOf(service: string, port = 80): string {
  return `outbound|${port}||${service}.service.consul`;
}

const sidecar = JSON.stringify({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Sidecar',
  metadata: { name: 'client', namespace: 'shop' },
  spec: {
    workloadSelector: { labels: { app: 'client' } },
    egress: [{ port: { number: trafficPort, protocol: 'HTTP', name: 'http' }, bind: envoyAddress, captureMode: 'NONE', hosts: ['*/*'] }],
  },
});
