// `node scripts/with-node.mjs test/bench/kubernetes/run-kubernetes.ts`: a large mesh in a real API server, and what it costs to
// follow it. Needs Go (test/harness/servers); uses `dist/` where that was built. `--help` lists the options.
import { parseArgs } from 'node:util';
import { customKinds, looseCrd } from '../../harness/kube/custom-kinds.ts';
import { KubeCluster } from '../../harness/servers/kube-cluster.ts';
import { describeMachine } from '../describe-machine.ts';
import { markdownTable } from '../markdown-table.ts';
import type { ServerCommand } from '../measured-server.ts';
import { ownClusterServer } from './followed-server.ts';
import { KubeWorld } from './kube-world.ts';
import { type KubeFigures, measureServer } from './measure-server.ts';

const usage = `node scripts/with-node.mjs test/bench/kubernetes/run-kubernetes.ts [options]
  --services 2000     with ten endpoints each, and 2.5 pods
  --starts 3          the figures of a start are medians
  --changes 300       endpoints that change, one after the other
  --proxies 20        connected meanwhile
  --other "CMD ..."   another server on the same API server, after ours; {kubeconfig}, {address} (of xDS) and {http} (of /ready) are
                      filled in. The server itself, not a launcher: it is ended by signals
`;

const firstMarks = 70;

const { values } = parseArgs({
  options: {
    services: { type: 'string', default: '2000' },
    starts: { type: 'string', default: '3' },
    changes: { type: 'string', default: '300' },
    proxies: { type: 'string', default: '20' },
    other: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(usage);
else await run();

async function run(): Promise<void> {
  const services = Number(values.services);
  const size = { services, endpointsPerService: 10, pods: 2.5 * services };
  const others: readonly ServerCommand[] = values.other === undefined ? [] : [{ label: 'other', words: values.other.split(/\s+/) }];
  const cluster = await KubeCluster.start({ controllers: false });
  try {
    await cluster.apply(...customKinds.map((kind) => looseCrd(kind)), {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'istio-system' },
    });
    const world = new KubeWorld(cluster, size);
    await world.write();
    process.stderr.write(`${services} services, ${services * size.endpointsPerService} endpoints, ${size.pods} pods are written\n`);
    const measurement = {
      world,
      kubeconfig: cluster.kubeconfig,
      services,
      starts: Number(values.starts),
      changes: Number(values.changes),
      proxies: Number(values.proxies),
    };
    const results: [string, KubeFigures][] = [];
    for (const [index, command] of [ownClusterServer(), ...others].entries())
      results.push([command.label, await measureServer(command, { ...measurement, marks: firstMarks + index })]);
    process.stdout.write(`${tableOf(results)}\n\n${await describeMachine()}\n`);
  } finally {
    await cluster.stop();
  }
}

function tableOf(results: readonly (readonly [string, KubeFigures])[]): string {
  const row = (name: string, figure: (figures: KubeFigures) => string) => [name, ...results.map(([, figures]) => figure(figures))];
  return markdownTable(
    ['', ...results.map(([label]) => label)],
    [
      row('start to ready, s', (f) => f.readySeconds.toFixed(1)),
      row('CPU until then, s', (f) => f.readyCpuSeconds.toFixed(2)),
      row('memory then / peak, MiB', (f) => `${Math.round(f.residentMiB)} / ${Math.round(f.peakMiB)}`),
      row('all proxies configured, s', (f) => f.connectSeconds.toFixed(1)),
      row('CPU for that, s', (f) => f.connectCpuSeconds.toFixed(2)),
      row('watch event to EDS, p50 / p99 / most, ms', ({ latencyMs: { p50, p99, most } }) =>
        [p50, p99, most].map((ms) => ms.toFixed(1)).join(' / '),
      ),
      row('CPU for a changed endpoint, ms', (f) => f.changeCpuMs.toFixed(1)),
      row('memory with the proxies, MiB', (f) => String(Math.round(f.withProxiesMiB))),
    ],
  );
}
