import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { type OutputSelector, parseSelector } from './golden-selector.ts';
import type { EnvoyFacts, TestProxy } from './text-mesh.ts';

/**
 * One golden case: `<case>.in.yaml` begins with a document that says which proxy looks and what is printed, then come the
 * objects.
 *
 *     proxy: sidecar shop/client 127.0.0.9       role, namespace/name, address
 *     labels: {app: client}                      of the workload
 *     metadata: {INTERCEPTION_MODE: NONE}        of the node
 *     extensions: [envoy.access_loggers.stats]   what the Envoy says it has; nothing: an unmodified istio-proxy
 *     locality: {region: r1, zone: z1}
 *     world: [shop]                              files of worlds/ that the objects stand in
 *     mesh: {accessLogFile: /dev/stdout}         MeshConfig
 *     clusters: {far: [WORLD]}                   further clusters, by id, out of test/golden/worlds
 *     show: [clusters outbound|80*]              see golden-selector.ts
 *     hide: [retry_policy]                       fields that the case is not about, wherever they are
 *     missing: [outbound|80||nowhere.com]        clusters that routes name on purpose and nobody serves
 *     env: {PILOT_HTTP10: "true"}               flags of the control plane
 *     ---
 *     apiVersion: ...
 */
export interface GoldenCase {
  /** `area/case`. */
  readonly name: string;
  readonly outputPath: string;
  readonly proxy: TestProxy;
  readonly facts: EnvoyFacts;
  readonly config: readonly string[];
  readonly meshConfig: string;
  /** Texts of further clusters by id. */
  readonly clusters: Readonly<Record<string, readonly string[]>>;
  readonly show: readonly OutputSelector[];
  readonly hide: ReadonlySet<string>;
  readonly missing: ReadonlySet<string>;
  /** Flags of the control plane. */
  readonly env: Readonly<Record<string, string>>;
}

interface FrontMatter {
  readonly proxy: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly locality?: TestProxy['locality'];
  readonly extensions?: readonly string[];
  readonly world?: readonly string[];
  readonly mesh?: Readonly<Record<string, unknown>>;
  readonly clusters?: Readonly<Record<string, readonly string[]>>;
  readonly show: readonly string[];
  readonly hide?: readonly string[];
  readonly missing?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const root = join(import.meta.dirname, '..', 'golden');
const casesRoot = join(root, 'cases');

/** Every case, in the order of their names. */
export function goldenCases(): readonly GoldenCase[] {
  return readdirSync(casesRoot, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.in.yaml'))
    .sort()
    .map((path) => readCase(join(casesRoot, path)));
}

/** Files beside the cases that belong to none. */
export function strayOutputs(): readonly string[] {
  const files = new Set(readdirSync(casesRoot, { recursive: true, encoding: 'utf8' }));
  return [...files].filter((path) => path.endsWith('.out.yaml') && !files.has(path.replace(/\.out\.yaml$/, '.in.yaml')));
}

function readCase(path: string): GoldenCase {
  const text = readFileSync(path, 'utf8');
  const front = frontMatter(text, path);
  return {
    name: relative(casesRoot, path).replace(/\.in\.yaml$/, ''),
    outputPath: path.replace(/\.in\.yaml$/, '.out.yaml'),
    proxy: proxyOf(front, path),
    facts: { extensions: (front.extensions ?? []).map((name) => ({ name })) },
    config: [...(front.world ?? []).map(worldOf), objectsOf(text)],
    clusters: Object.fromEntries(Object.entries(front.clusters ?? {}).map(([id, names]) => [id, names.map(worldOf)])),
    meshConfig: front.mesh === undefined ? '' : JSON.stringify(front.mesh),
    show: front.show.map(parseSelector),
    hide: new Set(front.hide),
    missing: new Set(front.missing),
    env: front.env ?? {},
  };
}

function worldOf(name: string): string {
  return readFileSync(join(root, 'worlds', `${name}.yaml`), 'utf8');
}

function frontMatter(text: string, path: string): FrontMatter {
  const [first] = parseAllDocuments(text);
  const json: unknown = first !== undefined && 'toJS' in first ? first.toJS() : undefined;
  if (json === null || typeof json !== 'object' || !('proxy' in json) || !('show' in json))
    throw new Error(`${path} does not begin with proxy: and show:`);
  return json as FrontMatter;
}

function objectsOf(text: string): string {
  const at = text.search(/^---$/m);
  return at === -1 ? '' : text.slice(at);
}

function proxyOf(front: FrontMatter, path: string): TestProxy {
  const [, role, namespace, name, address] = /^(sidecar|router) ([^/ ]+)\/(\S+) (\S+)$/.exec(front.proxy) ?? [];
  if (role === undefined || namespace === undefined) throw new Error(`${path}: proxy: wants ROLE NAMESPACE/NAME ADDRESS`);
  return {
    nodeId: `${role}~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`,
    metadata: { NAMESPACE: namespace, CLUSTER_ID: 'Kubernetes', LABELS: front.labels ?? {}, ISTIO_VERSION: '1.32.0', ...front.metadata },
    ...(front.locality && { locality: front.locality }),
  };
}
