import { type Labels, selects } from '../../model/labels.ts';
import type { Workload } from '../../model/workload.ts';
import type { Hint } from '../explanation.ts';
import { type ClusterName, parseClusterName } from '../origins/cluster-name.ts';
import { serviceOrigin, serviceSeenFrom } from '../origins/service-origin.ts';
import type { ServedProxy } from '../served-proxy.ts';
import { possibleEnds } from '../walk-way.ts';
import type { FindHints } from './hint-context.ts';

/** A cluster without endpoints: nobody has the labels, or nobody is ready. */
export const noEndpoints: FindHints = ({ proxy, way }) => {
  const names = possibleEnds(way).flatMap(({ steps, end: { outcome, guess } }) => {
    const isEmpty =
      (outcome.kind === 'answered' && outcome.by === 'no healthy upstream') ||
      (outcome.kind === 'closed' && outcome.because === 'no healthy upstream');
    return isEmpty && guess === undefined ? [steps.findLast(({ stage }) => stage === 'cluster')?.chosen ?? ''] : [];
  });
  return [...new Set(names)].flatMap((name) => {
    const cluster = parseClusterName(name);
    return cluster?.direction === 'outbound' ? whyEmpty(proxy, cluster) : [];
  });
};

function whyEmpty({ world, subject }: ServedProxy, { hostname, subset, port }: ClusterName): readonly Hint[] {
  const service = serviceSeenFrom(world, subject.namespace, hostname);
  if (service === undefined) return [];
  const origin = serviceOrigin(world, service, port);
  if (Object.keys(service.selector).length === 0) return [{ message: `${hostname} has no endpoints`, origin }];
  const selected = [...world.workloads.get().values()].filter(
    (each) => each.namespace === service.namespace && selects(service.selector, each.labels),
  );
  if (selected.length === 0)
    return [
      {
        message: `no workload of namespace ${service.namespace} has the labels ${pairs(service.selector)}`,
        advice: 'compare the selector of the Service with the labels of its pods',
        origin,
      },
    ];
  if (subset === '') return [{ message: `${names(selected)} ${selected.length === 1 ? 'is' : 'are'} selected, and not ready`, origin }];
  return [
    {
      message: `${selected.length} of ${hostname} ${selected.length === 1 ? 'is' : 'are'} selected, none with the labels of subset ${subset}`,
      advice: `their labels: ${[...new Set(selected.map(({ labels }) => pairs(plain(labels))))].join('; ')}`,
    },
  ];
}

function names(workloads: readonly Workload[]): string {
  return workloads
    .map(({ name }) => name)
    .slice(0, 3)
    .join(', ');
}

function plain(labels: Labels): Labels {
  return Object.fromEntries(Object.entries(labels).filter(([key]) => !key.includes('/')));
}

function pairs(labels: Labels): string {
  return Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(', ');
}
