import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from './free-ports.ts';
import { buildGoProgram, goPrograms } from './go-program.ts';
import { RealServer } from './real-server.ts';

/** Objects as JSON documents, and who asks. */
export interface IstioWorld {
  readonly config: string;
  readonly kubernetes: string;
  /** MeshConfig as YAML. */
  readonly mesh: string;
  readonly proxies: readonly IstioProxy[];
}

export interface IstioProxy {
  readonly nodeId: string;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly locality?: object;
  /** Names to ask for over ECDS. */
  readonly extensions?: readonly string[];
}

export const istioTypes = ['clusters', 'endpoints', 'listeners', 'routes', 'extensions'] as const;

/** Resources by type, in protobuf's JSON with the names of the .proto files. */
export type IstioResources = Readonly<Partial<Record<(typeof istioTypes)[number], readonly Readonly<Record<string, unknown>>[]>>>;

/** Istio's own discovery server, to be asked what it would serve in a world. */
export class IstioServer {
  private readonly server: RealServer;
  private readonly url: string;
  private readonly directory: string;

  private constructor(server: RealServer, url: string, directory: string) {
    this.server = server;
    this.url = url;
    this.directory = directory;
  }

  static async start(): Promise<IstioServer> {
    const [port] = await freePorts(1);
    const directory = await mkdtemp(join(tmpdir(), 'coxswain-istio-'));
    const url = `http://127.0.0.1:${port}`;
    const server = new RealServer({
      name: 'istio',
      directory,
      command: [await buildGoProgram(goPrograms.istio), `127.0.0.1:${port}`],
      isReady: async () => (await fetch(url)).status === 400,
    });
    await server.start();
    return new IstioServer(server, url, directory);
  }

  /** Rejects with Istio's words where it cannot read the world. */
  async ask(world: IstioWorld): Promise<readonly IstioResources[]> {
    const response = await fetch(this.url, { method: 'POST', body: JSON.stringify(world) });
    const answer = (await response.json()) as { readonly error?: string; readonly proxies?: readonly IstioResources[] };
    if (answer.error !== undefined || answer.proxies === undefined) throw new Error(`Istio: ${answer.error}`);
    return answer.proxies;
  }

  async stop(): Promise<void> {
    await this.server.stop();
    await rm(this.directory, { recursive: true, force: true });
  }
}
