import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EchoServer } from '../../harness/echo-server.ts';
import { type DumpedTable, routeTables } from '../../harness/envoy-dump.ts';
import { type Answer, HttpClient, type Target } from '../../harness/http-call.ts';
import { destination, httpPort, meshObject, serviceAt } from './mesh-objects.ts';
import { TrafficMesh } from './traffic-mesh.ts';

const changes = Number(process.env['COXSWAIN_CHANGES'] ?? 10_000);
const hosts = Array.from({ length: 12 }, (_, index) => `h${index}.internal`);
const alias = 'alias.internal';

/** Where each kind of client takes requests: tables come in layers, from a Sidecar, and from a Gateway. */
const clients: Readonly<Record<string, Target>> = {
  layered: { address: '127.0.0.1', port: httpPort },
  imported: { address: '127.0.1.51', port: httpPort },
  gateway: { address: '127.0.1.52', port: httpPort },
};

/** Routes of real Envoys that take virtual hosts by themselves change under traffic, while their streams break now and then. */
describe('virtual hosts that are sent by themselves', () => {
  const client = new HttpClient();
  const random = generator(Number(process.env['COXSWAIN_SEED'] ?? 4_711));
  let backends: readonly EchoServer[];
  let traffic: TrafficMesh;
  let seq = 0;
  let holder = 0;
  let isDone = false;

  beforeAll(async () => {
    backends = await Promise.all(['a', 'b'].map((name) => EchoServer.start(name)));
    const services = backends.map(({ name, port }) => serviceAt(`${name}.internal`, [{ port }]));
    const own = hosts.map((host) => serviceAt(host, [{ port: backends[0]?.port ?? 0 }]));
    traffic = await TrafficMesh.start(
      [...services, ...own, ...fixedObjects(), ...hosts.map((_host, index) => routeOf(index))],
      [
        { name: 'layered', type: 'sidecar', address: '127.0.1.50', metadata: { INTERCEPTION_MODE: 'NONE' } },
        { name: 'imported', type: 'sidecar', address: '127.0.1.51', labels: { app: 'imported' } },
        { name: 'gateway', type: 'router', address: '127.0.1.52', labels: { istio: 'ingress' } },
      ],
      { maxConnectionAgeMs: 4_000, maxConnectionAgeGraceMs: 500 },
    );
  });

  afterAll(async () => {
    client.close();
    await traffic.stop();
    await Promise.all(backends.map((backend) => backend.stop()));
  });

  test(`lose and misroute no request through ${changes} changes of routes`, async () => {
    const lanes = Object.entries(clients).flatMap(([name, target]) => [lane(name, target), lane(name, target)]);
    for (let change = 1; change <= changes; change++) {
      makeChange();
      if (change % 100 === 0) await traffic.discovery.settled();
      else await new Promise<void>((resolve) => setImmediate(resolve));
    }
    isDone = true;
    const answered = (await Promise.all(lanes)).reduce((sum, count) => sum + count, 0);
    expect(answered).toBeGreaterThan(changes / 10);
    await traffic.discovery.settled();
    expect(await traffic.refused()).toEqual([]);
    for (const [name, target] of Object.entries(clients)) {
      for (const host of hosts) expect(wrongOf(await client.call({ ...target, host }), host), `${name} ${host}`).toBe('');
      await expectTables(name);
    }
  });

  /** Calls hosts one after the other until there is no more change; returns how many calls it made. */
  async function lane(name: string, target: Target): Promise<number> {
    const seen = new Map<string, number>();
    let count = 0;
    while (!isDone) {
      const host = random() < 0.1 ? alias : pick(hosts);
      const answer = await client.call({ ...target, host });
      const wrong = wrongOf(answer, host);
      if (wrong !== '') throw new Error(`${name}, ${host}, change ${seq}: ${wrong}`);
      count++;
      if (host === alias) continue;
      const now = Number(answer.headers['x-seq']);
      if (now < (seen.get(host) ?? 0)) throw new Error(`${name}, ${host}: went back from ${seen.get(host)} to ${now}`);
      seen.set(host, now);
    }
    return count;
  }

  function makeChange(): void {
    const index = Math.floor(random() * hosts.length);
    const kind = random();
    if (kind < 0.8) apply(routeOf(index));
    else if (kind < 0.88) {
      // A host comes into being that nobody asks for, and another one goes.
      apply(
        meshObject('VirtualService', `brief-${seq % 3}`, {
          hosts: [`brief-${++seq}.internal`],
          http: [{ route: [destination('a.internal')] }],
        }),
      );
    } else if (kind < 0.94) {
      // A domain moves from one virtual host to another one: it is with both for a moment, as make before break has it.
      const before = holder;
      apply(routeOf(index, [before, index]));
      holder = index;
      if (before !== index) apply(routeOf(before));
    } else {
      // The same host from another object of a younger name.
      const name = `again-${index}`;
      apply(routeOf(index, [holder], name));
      if (random() < 0.5) {
        apply(routeOf(index));
        traffic.mesh.texts.remove({ kind: 'VirtualService', namespace: 'shop', name });
      }
    }
  }

  function apply(object: string): void {
    traffic.mesh.texts.apply(object);
  }

  /** The route of a host, to one of the backends, marked with the host and the number of the change. */
  function routeOf(index: number, holders: readonly number[] = [holder], name = `route-${index}`): string {
    const host = hosts[index] as string;
    const set = { 'x-host': host, 'x-seq': String(++seq) };
    return meshObject('VirtualService', name, {
      hosts: holders.includes(index) && !name.startsWith('again') ? [host, alias] : [host],
      gateways: ['mesh', 'shop/ingress'],
      http: [{ headers: { response: { set } }, route: [destination(random() < 0.5 ? 'a.internal' : 'b.internal')] }],
    });
  }

  /** The Envoy holds the very virtual hosts that its whole tables would hold. */
  async function expectTables(name: string): Promise<void> {
    const views = traffic.mesh.connect({
      nodeId: nodeIds[name] as string,
      metadata: { NAMESPACE: 'shop', ...(name === 'layered' && { INTERCEPTION_MODE: 'NONE' }), LABELS: labels[name] ?? {} },
    });
    const wholeTables = traffic.mesh.resources(views, 'RDS') as unknown as ReadonlyMap<string, Required<DumpedTable>>;
    // By domain: where hosts have the same routes at a gateway, one virtual host has the name of any of them.
    const expected = [...wholeTables.values()].find(({ virtual_hosts }) =>
      virtual_hosts.some(({ domains }) => domains.includes(hosts[0] as string)),
    );
    expect(expected, name).toBeDefined();
    const held = (await routeTables(traffic.envoy(name).admin)).get(expected?.name ?? '');
    const prefix = `${expected?.name}/`;
    expect(held?.virtual_hosts?.every((host) => host.name.startsWith(prefix))).toBe(true);
    const flat = (table: DumpedTable['virtual_hosts'] = []) =>
      table.map((host) => `${host.name.replace(prefix, '')} ${host.domains.join(' ')}`).sort();
    expect(flat(held?.virtual_hosts)).toEqual(flat(expected?.virtual_hosts));
    views.close();
  }

  function pick<T>(from: readonly T[]): T {
    return from[Math.floor(random() * from.length)] as T;
  }
});

const labels: Readonly<Record<string, object>> = { imported: { app: 'imported' }, gateway: { istio: 'ingress' } };
const nodeIds: Readonly<Record<string, string>> = {
  layered: 'sidecar~127.0.1.50~layered.shop~shop.svc.cluster.local',
  imported: 'sidecar~127.0.1.51~imported.shop~shop.svc.cluster.local',
  gateway: 'router~127.0.1.52~gateway.shop~shop.svc.cluster.local',
};
/** What is wrong with an answer, empty where nothing is. */
function wrongOf({ status, headers, backend }: Answer, host: string): string {
  if (status !== 200) return `status ${status}`;
  if (backend === '') return 'no backend';
  const marked = String(headers['x-host']);
  if (host === alias ? !marked.startsWith('h') : marked !== host) return `routed as ${marked}`;
  return '';
}

function fixedObjects(): readonly string[] {
  return [
    meshObject('Sidecar', 'imported', {
      workloadSelector: { labels: { app: 'imported' } },
      egress: [{ port: { number: httpPort, protocol: 'HTTP', name: 'http' }, bind: '127.0.1.51', captureMode: 'NONE', hosts: ['./*'] }],
    }),
    meshObject('Gateway', 'ingress', {
      selector: { istio: 'ingress' },
      servers: [{ port: { number: httpPort, protocol: 'HTTP', name: 'http' }, hosts: ['*'], bind: '127.0.1.52' }],
    }),
  ];
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
