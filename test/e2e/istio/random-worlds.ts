import fc from 'fast-check';
import { parse } from 'yaml';
import { farCluster } from '../../incremental/cluster-slots.ts';
import { brokenPatches } from '../../incremental/patch-slots.ts';
import { proxies } from '../../incremental/proxies.ts';
import { inNamespaces } from '../../incremental/slot.ts';
import { apply, clusterOfSlot, documentOf, edit, type World } from '../../incremental/world.ts';
import type { ComparedWorld } from './compare-with-istio.ts';
import { isPlain } from './is-plain.ts';
import type { Document } from './stored-documents.ts';

/** The worlds of test/incremental, as far as Istio's test double can be told of them. */
export const randomWorlds: fc.Arbitrary<ComparedWorld> = fc.array(edit, { minLength: 5, maxLength: 30 }).map((edits) => {
  const world = edits.reduce(apply, new Map() as World);
  // further clusters do not reach it
  const ofHome = [...world].filter(([slot]) => clusterOfSlot(slot) === undefined);
  const all: readonly Document[] = ofHome.map(([slot, variant]) => documentOf({ slot, variant }));
  return {
    documents: all.filter(isComparable).filter(ownsItsHosts()).filter(survivedByIstio(all)).map(withPatchesEnvoyTakes()),
    meshConfig: JSON.stringify(meshConfigOf(all)),
    proxies: plainProxies,
  };
});

/**
 * As the injector has them all: with the names of their node and their cluster. We know the node from the registry too, Istio does not;
 * to Istio a proxy without a cluster is of none, to us it may be of any.
 */
const plainProxies = proxies
  .filter(isPlain)
  .filter(({ metadata }) => metadata?.['CLUSTER_ID'] !== farCluster)
  .map((proxy) => ({ ...proxy, metadata: { CLUSTER_ID: 'Kubernetes', ...proxy.metadata, NODE_NAME: 'node-0' } }));

/** Gateways between networks, and what selects namespaces, do not reach Istio's test double. */
function isComparable({ kind, metadata }: Document): boolean {
  return !['ConfigMap', 'Namespace'].includes(kind) && metadata.name !== 'eastwest';
}

/**
 * Istio's process ends at a DestinationRule for hosts that a proxy resolves at each request; and before those it puts the modules of
 * the host's namespace, which it then does not serve to proxies of other namespaces. It ends too where failoverPriority is to order the
 * endpoints of a host that Envoy resolves, to which another ServiceEntry adds addresses.
 */
function survivedByIstio(all: readonly Document[]): (document: Document) => boolean {
  const resolvesAnyHost = all.some(({ kind, spec }) => kind === 'ServiceEntry' && spec.resolution === 'DYNAMIC_DNS');
  const sharesHosts = all.some(({ kind, metadata }) => kind === 'ServiceEntry' && metadata.name === 'apart');
  const isForHosts = ({ kind, spec }: Document) => kind === 'DestinationRule' && spec.host === '*.example.com';
  const isOfConnections = ({ kind, spec }: Document) => kind === 'TrafficExtension' && spec.wasm?.type === 'NETWORK';
  return (document) => {
    if (sharesHosts && isForHosts(document)) return false;
    return !resolvesAnyHost || !(isForHosts(document) || isOfConnections(document));
  };
}

/** What the world says of the mesh; Istio's process keeps the access log of the first MeshConfig that states one. */
function meshConfigOf(documents: readonly Document[]): object {
  const text = documents.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === 'istio')?.['data']?.mesh ?? '{}';
  const { accessLogFile: _log, discoverySelectors: _selectors, ...settings } = parse(text);
  return settings;
}

/**
 * Patches that Envoy would refuse we leave out one by one; Istio does not look. Nor does it when two add a virtual host of one name:
 * the first EnvoyFilter that adds any is left the only one. What is meant for the table of one port Istio puts into those of sniffed
 * ports too, if it happens to be asked for them later, as they share virtual hosts.
 */
function withPatchesEnvoyTakes(): (document: Document) => Document {
  let adds: string | undefined;
  return (document) => {
    const { kind, metadata, spec } = document;
    if (kind !== 'EnvoyFilter') return document;
    const isTaken = (patch: Document) => {
      if (brokenPatches.some((broken) => broken === patch)) return false;
      if (patch['applyTo'] === 'HTTP_ROUTE' && patch['match'].routeConfiguration.portNumber !== undefined) return false;
      if (patch['applyTo'] !== 'VIRTUAL_HOST' || patch['patch'].operation !== 'ADD') return true;
      adds ??= `${metadata.namespace}/${metadata.name}`;
      return adds === `${metadata.namespace}/${metadata.name}`;
    };
    return { ...document, spec: { ...spec, configPatches: spec.configPatches.filter(isTaken) } };
  };
}

/**
 * A filter that leaves the first of those who claim one thing. Where a namespace is shown two services of one identity Istio gives it the
 * listeners and routes of both, and the clusters of the first. Of two services with one address Istio takes whichever a Go map has first.
 */
function ownsItsHosts(): (document: Document) => boolean {
  const taken = new Set<string>();
  return (document) => {
    const claims = claimsOf(document);
    if (claims.some((claim) => taken.has(claim))) return false;
    for (const claim of claims) taken.add(claim);
    return true;
  };
}

function claimsOf({ kind, metadata: { name, namespace, annotations }, spec }: Document): readonly string[] {
  const shownTo = (host: string, exportTo: readonly string[] = ['*']) => {
    const full = exportTo.map((target) => (target === '.' ? namespace : target));
    return audiences.filter((target) => full.includes('*') || full.includes(target)).map((target) => `${namespace}/${host} in ${target}`);
  };
  if (kind === 'ServiceEntry') return spec.hosts.flatMap((host: string) => shownTo(host, spec.exportTo));
  if (kind !== 'Service') return [];
  const hosts = shownTo(`${name}.${namespace}.svc.cluster.local`, annotations?.['networking.istio.io/exportTo']?.split(','));
  return spec.clusterIP === undefined || spec.clusterIP === 'None' ? hosts : [...hosts, spec.clusterIP];
}

const audiences = [...inNamespaces, 'other'];
