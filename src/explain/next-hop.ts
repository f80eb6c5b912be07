import type { ConfigObject } from '../model/config-object.ts';
import { selects } from '../model/labels.ts';
import type { Workload } from '../model/workload.ts';
import type { Sidecar } from '../schema/sidecar/sidecar.ts';
import { changedHeaders } from '../simulate/http/changed-headers.ts';
import type { Delivered, EndpointChoice } from '../simulate/outcome.ts';
import type { Header, SimulatedRequest } from '../simulate/request.ts';
import { isDoubt } from '../simulate/three-valued.ts';
import type { ExplainWorld } from './explain-world.ts';
import { domainSuffixOf } from './proxies/find-subject.ts';
import { assumedSubject, type Subject } from './proxies/subject.ts';
import { hostOf, portOf } from './receivers.ts';

/** The proxy beside a receiver, and the request as it arrives there. */
export interface NextHop {
  readonly subject: Subject;
  readonly request: SimulatedRequest;
}

/** Beside the first of the endpoints that has one; undefined: nobody's, or nobody can say what arrives. */
export function nextHop(world: ExplainWorld, from: Subject, sent: SimulatedRequest, delivered: Delivered): NextHop | undefined {
  const changes = httpChanges(sent, delivered);
  if (delivered.cluster.startsWith('inbound|') || changes === undefined) return undefined;
  for (const choice of delivered.endpoints) {
    const workload = world.workloadAt(hostOf(choice.address));
    const subject = workload && proxyBeside(world, workload);
    if (subject) return { subject, request: { ...arrives(world, { from, subject, sent, delivered, choice }), ...changes } };
  }
  return undefined;
}

/** Undefined where nothing says that the workload has a proxy. */
export function proxyBeside(world: ExplainWorld, workload: Workload): Subject | undefined {
  const { namespace, name, addresses, labels, source } = workload;
  const live = world
    .connected()
    .find(
      ({ proxy }) =>
        proxy.role === 'sidecar' &&
        proxy.namespace === namespace &&
        (proxy.id === `${name}.${namespace}` || proxy.addresses[0] === addresses[0]),
    );
  const sidecar = ingressSidecar(world, workload);
  const remark = live ? 'connected' : whyProxy(world, workload, sidecar);
  if (remark === undefined) return undefined;
  const isCaptured = sidecar?.spec.ingress?.some(({ captureMode }) => captureMode === 'NONE') !== true;
  const base = {
    role: 'sidecar',
    namespace,
    name,
    labels,
    clusterId: world.clusterId,
    domainSuffix: domainSuffixOf(world),
    workload,
    remark,
    source,
  } as const;
  const assumed = assumedSubject({ ...base, ...(!isCaptured && { interception: 'NONE' }) });
  return live ? { ...assumed, node: live.node, interception: live.proxy.interceptionMode === 'NONE' ? 'NONE' : 'REDIRECT' } : assumed;
}

/** The Sidecar that says what a workload takes. */
function ingressSidecar(world: ExplainWorld, { namespace, labels }: Workload): ConfigObject<Sidecar> | undefined {
  return [...world.table('Sidecar').get().values()].find(
    (each) =>
      each.namespace === namespace && (each.spec.ingress ?? []).length > 0 && selects(each.spec.workloadSelector?.labels ?? {}, labels),
  );
}

/** What shows that a workload has a sidecar. */
function whyProxy(world: ExplainWorld, workload: Workload, sidecar: ConfigObject<Sidecar> | undefined): string | undefined {
  const { source, namespace, labels, annotations } = workload;
  if (labels['security.istio.io/tlsMode'] === 'istio') return 'label security.istio.io/tlsMode=istio';
  if (annotations['sidecar.istio.io/status'] !== undefined) return 'it was injected';
  const wish = labels['sidecar.istio.io/inject'] ?? annotations['sidecar.istio.io/inject'];
  if (wish !== undefined) return wish === 'true' ? 'it asks for a sidecar' : undefined;
  const pod = source.kind === 'Pod' ? world.table('Pod').lookup(`${namespace}/${source.name}`) : undefined;
  const containers = [...(pod?.spec.spec?.containers ?? []), ...(pod?.spec.spec?.initContainers ?? [])];
  if (containers.some(({ name }) => name === 'istio-proxy')) return 'it has a container istio-proxy';
  const ofNamespace = world.table('Namespace').lookup(`/${namespace}`)?.labels ?? {};
  const isInjected = ofNamespace['istio-injection'] === 'enabled' || ofNamespace['istio.io/rev'] !== undefined;
  if (source.kind === 'Pod' && isInjected) return `pods of namespace ${namespace} are injected`;
  return sidecar && `Sidecar ${sidecar.namespace}/${sidecar.name} says what it takes`;
}

interface Passage {
  readonly from: Subject;
  readonly subject: Subject;
  readonly sent: SimulatedRequest;
  readonly delivered: Delivered;
  readonly choice: EndpointChoice;
}

function arrives(world: ExplainWorld, { from, subject, sent, delivered, choice }: Passage): SimulatedRequest {
  const { tls: ofClient, ...plain } = sent;
  const { request } = delivered;
  const { mode, sni = '', alpn = [] } = choice.tls;
  const { trustDomain } = world.mesh.settings.get();
  const identity = `spiffe://${trustDomain}/ns/${from.namespace}/sa/${from.serviceAccount || 'default'}`;
  const certificate = mode === 'mutual' ? { certificate: { uris: [identity] } } : {};
  const tls = mode === 'plaintext' ? (request === undefined ? ofClient : undefined) : { sni, alpn, ...certificate };
  return {
    ...plain,
    direction: subject.interception === 'NONE' ? 'direct' : 'inbound',
    destination: { address: hostOf(choice.address), port: portOf(choice.address) },
    source: { address: from.address },
    ...(tls && { tls }),
  };
}

/** What the next proxy sees otherwise than the client sent it; undefined: nobody can say. */
function httpChanges(sent: SimulatedRequest, delivered: Delivered): Partial<SimulatedRequest> | undefined {
  const { request } = delivered;
  if (request === undefined) return {};
  const { host, method, path, headerChanges } = request;
  if (isDoubt(host) || isDoubt(path)) return undefined;
  const headers = [...changedHeaders(sent.headers ?? [], headerChanges)].flatMap(([name, values]) =>
    values.map((value): Header => [name, value]),
  );
  return { host, method, path, headers };
}
