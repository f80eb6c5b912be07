import type { ConfigObject } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import { selects } from '../../model/labels.ts';
import type { CallProblem } from '../call.ts';
import type { ExplainRequest } from '../explain-request.ts';
import type { ConnectedNode, ExplainWorld } from '../explain-world.ts';
import { matchWorkload, namesOf } from './match-workload.ts';
import { nearNames } from './near-names.ts';
import { type AssumedProxy, assumedSubject, type Subject } from './subject.ts';

/**
 * The proxy that `--from` or `--gateway` means: one that is connected, else the one that would be beside a workload of that name, else
 * beside the workloads that a Service, or a Gateway, of that name selects.
 */
export function findSubject(world: ExplainWorld, { kind, name: text }: ExplainRequest['from']): Subject | CallProblem {
  const role = kind === 'gateway' ? 'router' : 'sidecar';
  if (kind === 'gateway' && text.includes('=')) return ofLabels(world, text);
  const at = text.indexOf('/');
  const [namespace, name] = at < 0 ? ['default', text] : [text.slice(0, at), text.slice(at + 1)];
  const workloads = [...world.workloads.get().values()].filter((workload) => workload.namespace === namespace);
  const found = matchWorkload(workloads, name);
  const connected = world
    .connected()
    .filter(({ proxy }) => (proxy.role === 'router') === (role === 'router') && proxy.namespace === namespace);
  const live = connected.find(({ proxy }) => proxy.id === `${found?.workload.name ?? name}.${namespace}` || isNamed(proxy.labels, name));
  if (live) return connectedSubject(live, role, found?.workload.source);
  const base = { role, namespace, clusterId: world.clusterId, domainSuffix: domainSuffixOf(world) } as const;
  if (found) {
    const { workload, remark } = found;
    return assumedSubject({ ...base, name: workload.name, labels: workload.labels, workload, remark, source: workload.source });
  }
  return selectedSubject(world, base, name) ?? unknownSubject(world, kind, namespace, name);
}

export function domainSuffixOf({ mesh }: Pick<ExplainWorld, 'mesh'>): string {
  return mesh.settings.get().domainSuffix;
}

type Base = Pick<AssumedProxy, 'role' | 'namespace' | 'clusterId' | 'domainSuffix'>;

/** Nobody knows a workload of the name: one that the object of the name would select. */
function selectedSubject(world: ExplainWorld, base: Base, name: string): Subject | undefined {
  const key = `${base.namespace}/${name}`;
  const service = world.table('Service').lookup(key);
  const selector = service?.spec.spec?.selector ?? {};
  if (service && Object.keys(selector).length > 0) {
    const remark = `no workload of that name; the labels are those that Service ${key} selects`;
    return assumedSubject({ ...base, name, labels: selector as Labels, remark, source: refOfObject(service) });
  }
  const gateway = base.role === 'router' ? world.table('Gateway').lookup(key) : undefined;
  if (!gateway) return undefined;
  const labels = gateway.spec.selector ?? {};
  const [workload] = [...world.workloads.get().values()].filter((each) => selects(labels, each.labels));
  if (workload && Object.keys(labels).length > 0) {
    const remark = `a workload that Gateway ${key} selects`;
    const { namespace, source } = workload;
    return assumedSubject({ ...base, namespace, name: workload.name, labels: workload.labels, workload, remark, source });
  }
  const remark = `no workload is known that Gateway ${key} selects; its labels are taken for those of the proxy`;
  return assumedSubject({ ...base, name: labels['istio'] ?? labels['app'] ?? name, labels, remark, source: refOfObject(gateway) });
}

/** `istio=ingressgateway`: whoever has these labels. */
function ofLabels(world: ExplainWorld, text: string): Subject | CallProblem {
  const labels = Object.fromEntries(text.split(',').map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
  const live = world.connected().find(({ proxy }) => proxy.role === 'router' && selects(labels, proxy.labels));
  if (live) return connectedSubject(live, 'router');
  const base = { role: 'router', clusterId: world.clusterId, domainSuffix: domainSuffixOf(world) } as const;
  const [workload] = [...world.workloads.get().values()].filter((each) => selects(labels, each.labels));
  if (workload) {
    const { namespace, name, source } = workload;
    return assumedSubject({ ...base, namespace, name, labels: workload.labels, workload, remark: `labels ${text}`, source });
  }
  const namespace = world.mesh.settings.get().rootNamespace;
  const name = labels['istio'] ?? labels['app'] ?? 'gateway';
  return assumedSubject({ ...base, namespace, name, labels, remark: `no workload has the labels ${text}: it is assumed in ${namespace}` });
}

function connectedSubject({ node, proxy }: ConnectedNode, role: Subject['role'], source?: Subject['source']): Subject {
  return {
    namespace: proxy.namespace,
    name: proxy.id.slice(0, proxy.id.length - proxy.namespace.length - 1),
    role,
    node,
    labels: proxy.labels,
    address: proxy.addresses[0] ?? '',
    serviceAccount: proxy.serviceAccount,
    interception: proxy.interceptionMode === 'NONE' ? 'NONE' : 'REDIRECT',
    remark: 'connected',
    ...(source && { source }),
  };
}

function isNamed(labels: Labels, name: string): boolean {
  return labels['app'] === name || labels['istio'] === name;
}

function unknownSubject(world: ExplainWorld, kind: ExplainRequest['from']['kind'], namespace: string, name: string): CallProblem {
  const what = kind === 'gateway' ? 'gateway, Service or Gateway' : 'workload or Service';
  const names = [...world.workloads.get().values()].flatMap((workload) => namesOf(workload).map((each) => `${workload.namespace}/${each}`));
  const tables: readonly ConfigObject[] = [
    ...world.table('Service').get().values(),
    ...(kind === 'gateway' ? world.table('Gateway').get().values() : []),
  ];
  const all = [...names, ...tables.map((object) => `${object.namespace}/${object.name}`)];
  const near = all.filter((each) => each.startsWith(`${namespace}/`));
  const hint = nearNames(`${namespace}/${name}`, near.length > 0 ? near : all);
  return { problem: `there is no ${what} ${namespace}/${name}`, ...(hint !== '' && { hint }) };
}

function refOfObject({ kind, namespace, name }: ConfigObject) {
  return { kind, namespace, name };
}
