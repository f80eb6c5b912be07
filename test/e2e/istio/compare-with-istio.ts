import type { IstioResources, IstioServer } from '../../harness/servers/istio-server.ts';
import { type TestProxy, TextMesh } from '../../harness/text-mesh.ts';
import { isAccepted } from './accepted-differences.ts';
import { type Difference, differences } from './differences.ts';
import { type Document, storedDocuments } from './stored-documents.ts';

/** Kinds whose meaning is still to come: left out of the worlds. */
const later = new Set(['AuthorizationPolicy', 'RequestAuthentication', 'HTTPRoute', 'MeshRegistries']);

const types = [
  ['clusters', 'CDS'],
  ['endpoints', 'EDS'],
  ['listeners', 'LDS'],
  ['routes', 'RDS'],
  ['extensions', 'ECDS'],
] as const;

export interface ComparedWorld {
  readonly documents: readonly Document[];
  readonly meshConfig: string;
  readonly proxies: readonly TestProxy[];
}

/** In Istio it may depend on which of its watches comes first. */
const attempts = 3;

/** What the proxies would be served differently by us and by Istio, beyond what is accepted, however often Istio is asked. */
export async function compareWithIstio(istio: IstioServer, world: ComparedWorld): Promise<readonly Difference[]> {
  let found = await compareOnce(istio, world);
  for (let again = 1; again < attempts && found.length > 0; again++) found = await compareOnce(istio, world);
  return found;
}

async function compareOnce(istio: IstioServer, world: ComparedWorld): Promise<readonly Difference[]> {
  const documents = storedDocuments(world.documents.filter(({ kind }) => !later.has(kind)));
  const isIstio = ({ apiVersion }: Document) => /^\w+\.istio\.io\//.test(apiVersion);
  const proxies = world.proxies.map(({ metadata, ...proxy }) => ({ ...proxy, metadata: { ISTIO_VERSION: '1.30.0', ...metadata } }));
  const mesh = await TextMesh.create({ config: [textOf(documents)], meshConfig: world.meshConfig });
  const ours = proxies.map((proxy) => ourResources(mesh, proxy));
  const answers = await istio.ask({
    config: textOf(documents.filter(isIstio)),
    kubernetes: textOf(documents.filter((document) => !isIstio(document) && document['kind'] !== 'ConfigMap')),
    mesh: world.meshConfig,
    proxies: proxies.map((proxy, index) => ({ ...proxy, extensions: (ours[index]?.extensions ?? []).map(nameOf) })),
  });
  return proxies.flatMap((proxy, index) => {
    const found = differencesOf(ours[index] ?? {}, answers[index] ?? {});
    return found.filter((difference) => !isAccepted(difference)).map((one) => ({ ...one, path: `${proxy.nodeId}: ${one.path}` }));
  });
}

function textOf(documents: readonly Document[]): string {
  return documents.map((document) => JSON.stringify(document)).join('\n---\n');
}

function ourResources(mesh: TextMesh, proxy: TestProxy): IstioResources {
  const views = mesh.connect(proxy);
  const all = types.map(([name, type]) => {
    const messages = [...mesh.resources(views, type).values()] as unknown as readonly { readonly '@type': string }[];
    return [name, messages.map((message) => plain(mesh.protos.toJson(message, 'proto')))];
  });
  views.close();
  return Object.fromEntries(all) as IstioResources;
}

function differencesOf(ours: IstioResources, istio: IstioResources): readonly Difference[] {
  return types.flatMap(([type]) => {
    const mine = byName(ours[type] ?? []);
    const theirs = byName(istio[type] ?? []);
    return [...new Set([...mine.keys(), ...theirs.keys()])].flatMap((name) => {
      const [one, other] = [mine.get(name), theirs.get(name)];
      return one && other
        ? differences(one, other, `${type} ${name}`)
        : [{ path: `${type} ${name}`, ours: one, istio: other, isWhole: true }];
    });
  });
}

/** A resource without its own type, under the name that Istio has for it. */
function plain(resource: Record<string, unknown>): Record<string, unknown> {
  const { '@type': type, ...fields } = resource;
  const unfolded = withUntypedUnfolded(type === undefined ? resource : fields) as Record<string, unknown>;
  return { ...unfolded, ...(typeof unfolded['name'] === 'string' && { name: unfolded['name'].replace(/~network$/, '') }) };
}

/** Messages of a type that our protobufs do not have go out as a `TypedStruct` of it: to Envoy that is the message. */
function withUntypedUnfolded(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUntypedUnfolded);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, withUntypedUnfolded(one)]));
  if (fields['@type'] !== 'type.googleapis.com/xds.type.v3.TypedStruct') return fields;
  return { '@type': fields['type_url'], ...(fields['value'] as object) };
}

function byName(resources: readonly Readonly<Record<string, unknown>>[]): ReadonlyMap<string, Readonly<Record<string, unknown>>> {
  return new Map(resources.map((resource) => [nameOf(resource), resource]));
}

function nameOf(resource: Readonly<Record<string, unknown>>): string {
  return String(resource['name'] ?? resource['cluster_name']);
}
