import { cast, frontendPort, namespace, registerPort, type Workload } from './cast.ts';
import { type EnvoyCounters, nothingCounted } from './envoy-counters.ts';

/** A hop that requests must take, and the Envoy counter that proves it. */
export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Whose Envoy counts. */
  readonly proxy: string;
  readonly counter: { readonly kind: 'listeners' | 'clusters'; readonly name: string };
}

export interface EdgeCount extends Edge {
  /** Requests that succeeded, as that Envoy counted them. */
  readonly requests: number;
}

/** Every hop from the client to each instance of `register`, counted on both sides. */
export function edges(): readonly Edge[] {
  return cast.flatMap((workload) => [taken(workload), ...handedOn(workload)]);
}

/** What the Envoys counted for every edge; `counters` by the name of the workload. */
export function countEdges(counters: ReadonlyMap<string, EnvoyCounters>): readonly EdgeCount[] {
  return edges().map((edge) => {
    const counts = counters.get(edge.proxy)?.[edge.counter.kind].get(edge.counter.name) ?? nothingCounted;
    return { ...edge, requests: counts.ok };
  });
}

const before: Readonly<Record<Workload['service'], string>> = { gateway: 'client', frontend: 'gateway', register: 'frontend' };

function taken({ name, service, address, inboundPort }: Workload): Edge {
  return { from: before[service], to: name, proxy: name, counter: { kind: 'listeners', name: `${address}_${inboundPort}` } };
}

function handedOn({ name, service, address, inboundPort, outboundPort }: Workload): readonly Edge[] {
  const to = (target: string, cluster: string): Edge => ({
    from: name,
    to: target,
    proxy: name,
    counter: { kind: 'clusters', name: cluster },
  });
  if (service === 'gateway') return [to('frontend', `outbound|${frontendPort}||frontend.${namespace}.svc.cluster.local`)];
  const process = to(`${name} process`, `inbound|${inboundPort}||`);
  if (service === 'register') return [process];
  return [
    process,
    { from: `${name} process`, to: name, proxy: name, counter: { kind: 'listeners', name: `${address}_${outboundPort}` } },
    ...['v1', 'v2'].map((subset) => to(`register ${subset}`, `outbound|${registerPort}|${subset}|register.${namespace}.svc.cluster.local`)),
  ];
}

/** One line per edge, those without requests marked. */
export function edgeLines(counted: readonly EdgeCount[]): readonly string[] {
  return counted.map(({ from, to, proxy, counter, requests }) => {
    const mark = requests > 0 ? 'ok     ' : 'NOTHING';
    return `${mark} ${`${from} -> ${to}`.padEnd(38)} ${String(requests).padStart(8)}  (Envoy of ${proxy}, ${counter.kind.slice(0, -1)} ${counter.name})`;
  });
}
