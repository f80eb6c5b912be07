/** How many requests the interpreter answers in a second of processor time. Run: node scripts/with-node.mjs test/bench/simulate.ts */
import type { SimulatedRequest } from '../../src/simulate/request.ts';
import type { ServedResources } from '../../src/simulate/resources.ts';
import { createSimulator, type SimulateOptions, type Simulator } from '../../src/simulate/simulate.ts';
import { TextMesh } from '../harness/text-mesh.ts';

const services = 1000;
const rounds = 40_000;
const host = (index: number) => `svc-${index}.internal`;

/** One port that all services share; each has two subsets and five rules. */
function objectsOf(index: number): readonly string[] {
  const object = (kind: string, spec: object) =>
    JSON.stringify({ apiVersion: 'networking.istio.io/v1', kind, metadata: { name: `svc-${index}`, namespace: 'shop' }, spec });
  const to = (subset: string) => ({ destination: { host: host(index), subset } });
  const endpoints = [0, 1, 2, 3].map((n) => ({ address: `10.${index >> 8}.${index & 255}.${n}`, labels: { version: `v${(n % 2) + 1}` } }));
  return [
    object('ServiceEntry', {
      hosts: [host(index)],
      resolution: 'STATIC',
      ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
      endpoints,
    }),
    object('DestinationRule', { host: host(index), subsets: ['v1', 'v2'].map((name) => ({ name, labels: { version: name } })) }),
    object('VirtualService', {
      hosts: [host(index)],
      http: [
        { match: [{ uri: { exact: '/health' } }], directResponse: { status: 200 } },
        { match: [{ uri: { regex: '/old/[0-9]+' } }], redirect: { uri: '/new' } },
        { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] },
        { match: [{ queryParams: { canary: { exact: '1' } } }], route: [to('v2')] },
        {
          route: [
            { ...to('v1'), weight: 90 },
            { ...to('v2'), weight: 10 },
          ],
        },
      ],
    }),
  ];
}

function measure(simulate: Simulator, options: SimulateOptions): number {
  const startedAt = process.cpuUsage();
  for (let i = 0; i < rounds; i++) {
    const request: SimulatedRequest = {
      direction: 'outbound',
      destination: { address: '240.240.0.1', port: 80 },
      protocol: 'http',
      host: host(i % services),
      path: i % 3 === 0 ? '/old/17' : '/reviews/0?full=1',
      headers: i % 5 === 0 ? [['end-user', 'jason']] : [],
    };
    simulate(request, options);
  }
  const { user, system } = process.cpuUsage(startedAt);
  return Math.round((rounds / (user + system)) * 1_000_000);
}

const mesh = await TextMesh.create({ config: Array.from({ length: services }, (_, index) => objectsOf(index)).flat() });
const proxy = mesh.connect({ nodeId: 'sidecar~10.1.0.1~web.shop~shop.svc.cluster.local', metadata: { NAMESPACE: 'shop' } });
const simulate = createSimulator(mesh.allResources(proxy) as unknown as ServedResources);
for (const losers of [true, false]) {
  measure(simulate, { losers });
  const rates = [0, 1, 2].map(() => measure(simulate, { losers })).sort((a, b) => a - b);
  process.stdout.write(
    `${losers ? 'with all losers and reasons' : 'without losers'}: ${rates[1]} requests in a second of processor time (${services} services)\n`,
  );
}
