// A real mesh behind a real server, clients of both variants, and whatever happens to them.
import fc from 'fast-check';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import { toStruct } from '../../src/lib/struct.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import type { TestProxy, TextMesh } from '../harness/text-mesh.ts';
import { type ServedClients, serveClients, type Variant } from '../protocol/served-clients.ts';
import { Contents } from './content.ts';
import { EnvoyClient, type HeldType, heldTypes, tableOf } from './envoy-client.ts';
import { proxies } from './proxies.ts';
import { editsOf, meshOf, tell } from './tell-world.ts';
import { apply, type Edit, edit, type World } from './world.ts';

const whichClient = fc.nat({ max: 8 });
const type = fc.constantFrom(...heldTypes);
/** Types that name clusters. */
const pointing = ['LDS', 'RDS', 'VHDS'] as const;

/** One step of a history; clients by number. */
export const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      edits: fc.array(edit, { minLength: 1, maxLength: 4 }),
      isBatch: fc.boolean(),
    }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('settle' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('reconnect' as const),
      client: whichClient,
      how: fc.constantFrom('RST', 'FIN'),
      meanwhile: fc.array(edit, { maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('refuse' as const), client: whichClient, count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('stale' as const), client: whichClient, type }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('again' as const), client: whichClient, type: fc.constantFrom('EDS' as const, 'RDS' as const) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);
export type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

const observed: readonly TestProxy[] = proxies
  .filter(({ metadata }) => metadata?.['GENERATOR'] !== 'grpc')
  .filter((_, index) => [0, 1, 4].includes(index));

/** The same proxy with an Envoy that takes virtual hosts by themselves. */
function withHostsApart(proxy: TestProxy): TestProxy {
  const [role, ip, name = '', domain] = proxy.nodeId.split('~');
  return { ...proxy, nodeId: [role, ip, `new-${name}`, domain].join('~'), metadata: { ...proxy.metadata, ISTIO_VERSION: '1.32.0' } };
}

interface Observer {
  readonly proxy: TestProxy;
  /** Number of its views. */
  readonly index: number;
  readonly variant: Variant;
  readonly client: EnvoyClient;
}

export class MeshHistory {
  readonly problems: string[] = [];
  private readonly contents = new Contents();
  private readonly observers: readonly Observer[];
  private world: World;
  private mesh!: TextMesh;
  private served!: ServedClients;
  private views: readonly ProxyViews[] = [];
  /** References to clusters that nobody serves, in some world since all was settled: users write such. */
  private dangling = new Set<string>();

  private constructor(world: World) {
    this.world = world;
    const whoever = observed.flatMap((proxy) => [
      { proxy, variant: 'sotw' as const },
      { proxy, variant: 'delta' as const },
      { proxy: withHostsApart(proxy), variant: 'delta' as const },
    ]);
    this.observers = whoever.map(({ proxy, variant }, index) => ({
      proxy,
      variant,
      index,
      client: new EnvoyClient(variant, this.contents, (client) => this.look(client, `${proxy.nodeId} ${variant}`)),
    }));
  }

  static async begin(world: World): Promise<MeshHistory> {
    const history = new MeshHistory(world);
    await history.serve();
    return history;
  }

  async take(each: Step): Promise<void> {
    if (each.do === 'edit') this.edit(each.edits, each.isBatch);
    else if (each.do === 'settle') await this.settle();
    else if (each.do === 'restart') await this.restart();
    else {
      const observer = this.observers[each.client % this.observers.length] as Observer;
      if (each.do === 'reconnect') {
        await observer.client.disconnect(each.how === 'RST' ? 'RST' : 'FIN');
        this.edit(each.meanwhile, false);
        this.connect(observer);
      } else if (each.do === 'refuse') observer.client.refuse += each.count;
      else if (each.do === 'stale') observer.client.answerStale(each.type);
      else observer.client.askAgain(each.type);
    }
  }

  /** Waits until all clients have answered all that there is; what they hold must be the truth then, and nothing may follow. */
  async settle(): Promise<void> {
    for (const { client } of this.observers) await client.settled();
    for (const { client, proxy, variant, index } of this.observers) {
      const views = this.views[index] as ProxyViews;
      for (const each of heldTypes) {
        const truth = this.truth(views, each, client);
        const held = [...client.held[each]].map(([name, { content }]) => `${name} ${content}`).sort();
        if (held.join('\n') !== truth.join('\n')) this.problems.push(`${proxy.nodeId} ${variant} ${each}: ${difference(held, truth)}`);
      }
    }
    this.dangling = new Set();
    this.noteDangling();
  }

  /** How many responses each client is sent while `act` runs and until all is settled, by type. */
  async responsesOf(act: () => void): Promise<readonly ReadonlyMap<string, number>[]> {
    await this.settle();
    const before = this.observers.map(({ client }) => client.received.length);
    act();
    await this.settle();
    return this.observers.map(({ client }, index) => {
      const counts = new Map<string, number>();
      for (const response of client.received.slice(before[index])) counts.set(response.type, (counts.get(response.type) ?? 0) + 1);
      return counts;
    });
  }

  /** Applies what stands in the world once more. */
  repeat(): void {
    tell(this.mesh, editsOf(this.world));
  }

  /** Several edits, as events of their own or, where they concern different objects, as one. */
  edit(edits: readonly Edit[], isBatch: boolean): void {
    if (isBatch) {
      tell(this.mesh, edits);
      this.world = edits.reduce(apply, this.world);
      this.noteDangling();
      return;
    }
    for (const one of edits) {
      tell(this.mesh, [one]);
      this.world = apply(this.world, one);
      this.noteDangling();
    }
  }

  async close(): Promise<void> {
    for (const { client } of this.observers) await client.disconnect('FIN');
    await this.unserve();
  }

  private async restart(): Promise<void> {
    for (const { client } of this.observers) await client.disconnect('RST');
    await this.unserve();
    await this.serve();
  }

  private async serve(): Promise<void> {
    this.mesh = await meshOf(this.world);
    this.views = this.observers.map(({ proxy, variant }) => this.mesh.connect(proxy, {}, variant));
    this.noteDangling();
    this.served = await serveClients(this.mesh.plane.source, { debounceAfterMs: 1, debounceMaxMs: 4, maxHoldMs: 60_000, drainMs: 1 });
    for (const observer of this.observers) this.connect(observer);
  }

  private async unserve(): Promise<void> {
    for (const view of this.views) view.close();
    await this.served.close();
  }

  private connect({ client, proxy, variant }: Observer): void {
    const nodeId = proxy.nodeId;
    const node = { id: nodeId, metadata: toStruct(proxy.metadata ?? {}), locality: proxy.locality };
    client.connect(this.served.connect(variant, { nodeId, node, read: this.contents.read }));
  }

  private truth(views: ProxyViews, each: HeldType, client: EnvoyClient): readonly string[] {
    const view = views.view(typeUrls[each]);
    const names = each === 'EDS' || each === 'RDS' ? [...client.wanted[each]] : [...(view?.all().keys() ?? [])];
    return names
      .flatMap((name) => {
        const resource = view?.get(name) ?? view?.absent(name);
        if (each === 'VHDS' && !client.wanted.RDS.has(tableOf(name))) return [];
        return resource ? [`${name} ${this.contents.contentOf(resource.any)}`] : [];
      })
      .sort();
  }

  private noteDangling(): void {
    for (const views of this.views) {
      const clusters = views.view(typeUrls.CDS)?.all();
      for (const each of pointing) {
        for (const [name, { any }] of views.view(typeUrls[each])?.all() ?? []) {
          const content = this.contents.contentOf(any);
          for (const cluster of this.contents.of(content).clusters) {
            if (!clusters?.has(cluster)) this.dangling.add(`${views.nodeId} ${each} ${name} ${content} ${cluster}`);
          }
        }
      }
    }
  }

  /**
   * After each response: what points at a cluster that the client has not been sent, though some world had it? What it kept of an
   * earlier connection does not count: the server cannot know of it, and a removal comes first (X54).
   */
  private look(client: EnvoyClient, who: string): void {
    this.problems.push(...client.problems.splice(0).map((problem) => `${who}: ${problem}`));
    const [nodeId] = who.split(' ');
    for (const each of pointing) {
      for (const [name, { content, connection }] of client.held[each]) {
        if (connection !== client.connection) continue;
        for (const cluster of this.contents.of(content).clusters) {
          if (client.held.CDS.has(cluster) || this.dangling.has(`${nodeId} ${each} ${name} ${content} ${cluster}`)) continue;
          this.problems.push(`${who}: ${each} ${name} points at ${cluster}, which was not sent`);
        }
      }
    }
  }
}

function difference(held: readonly string[], truth: readonly string[]): string {
  const [has, should] = [new Set(held), new Set(truth)];
  return [
    ...held.filter((line) => !should.has(line)).map((line) => `holds ${line}`),
    ...truth.filter((line) => !has.has(line)).map((line) => `lacks ${line}`),
  ].join('; ');
}
