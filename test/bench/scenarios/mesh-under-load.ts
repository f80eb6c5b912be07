import { join } from 'node:path';
import { Fleet } from '../../harness/fleet/fleet.ts';
import { ServiceWorld } from '../../harness/fleet/service-world.ts';
import { BenchServer, type BenchServerOptions } from './bench-server.ts';
import { FleetProcess } from './fleet-process.ts';
import { ChangeSpreader } from './spread-changes.ts';

const endpoints = 10;

export interface MeshOptions extends Omit<BenchServerOptions, 'config'> {
  readonly directory: string;
  readonly services: number;
  readonly proxies: number;
}

/** A world, our server, and proxies that are configured. */
export class MeshUnderLoad {
  readonly world: ServiceWorld;
  readonly server: BenchServer;
  readonly fleet: Fleet;
  readonly changes: ChangeSpreader;
  private readonly others: FleetProcess[] = [];

  private constructor(world: ServiceWorld, server: BenchServer) {
    this.world = world;
    this.server = server;
    this.fleet = new Fleet({ address: server.xds, world });
    this.changes = new ChangeSpreader(this.fleet, world);
  }

  static async start({ directory, services, proxies, ...options }: MeshOptions): Promise<MeshUnderLoad> {
    const world = new ServiceWorld({ directory: join(directory, `world-${services}`), services, endpoints });
    await world.write();
    const mesh = new MeshUnderLoad(world, await BenchServer.start({ ...options, config: world.directory }));
    mesh.fleet.connect(proxies);
    await mesh.fleet.allReady();
    // Both files that change exist from here on, and the code that they take is warm.
    await mesh.changes.spread(10);
    return mesh;
  }

  /** Further proxies of the same world, in a process of their own. */
  async otherProxies(): Promise<FleetProcess> {
    const others = await FleetProcess.start({
      address: this.server.xds,
      services: this.world.services,
      endpoints,
      first: 1000 * (this.others.length + 1),
    });
    this.others.push(others);
    return others;
  }

  async stop(): Promise<void> {
    this.fleet.close();
    for (const others of this.others) await others.stop();
    await this.server.stop();
  }
}
