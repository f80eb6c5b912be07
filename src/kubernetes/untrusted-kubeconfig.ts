import { parse } from 'yaml';

/** What of this machine a kubeconfig can reach, each under the name by which it is allowed (Istio's names where it has them). */
interface Reach {
  readonly option: string;
  readonly field: string;
  readonly isIn: (part: Part) => boolean;
}

type Part = Readonly<Record<string, unknown>>;

const ofUsers: readonly Reach[] = [
  { option: 'exec', field: 'exec', isIn: (user) => user['exec'] !== undefined },
  { option: 'clientKey', field: 'client-key', isIn: (user) => isText(user['client-key']) },
  { option: 'clientCertificate', field: 'client-certificate', isIn: (user) => isText(user['client-certificate']) },
  { option: 'tokenFile', field: 'tokenFile', isIn: (user) => isText(user['tokenFile']) || isText(user['token-file']) },
];

const ofClusters: readonly Reach[] = [
  {
    option: 'certificateAuthority',
    field: 'certificate-authority',
    isIn: (cluster) => isText(cluster['certificate-authority']),
  },
  {
    option: 'insecureSkipTlsVerify',
    field: 'insecure-skip-tls-verify',
    isIn: (cluster) => cluster['insecure-skip-tls-verify'] === true,
  },
  { option: 'proxyUrl', field: 'proxy-url', isIn: (cluster) => isText(cluster['proxy-url']) },
];

/**
 * What a kubeconfig that came from elsewhere may not name: programs and files of this machine, and ways around the check of who
 * the server is. Who may write a Secret must not thereby run programs or have files sent to a server of their choice. Every user
 * and cluster counts, not only those of the current context. `allowed` are options of PILOT_INSECURE_MULTICLUSTER_KUBECONFIG_OPTIONS.
 */
export function forbiddenFields(text: string, allowed: ReadonlySet<string>): readonly string[] {
  const config: unknown = parse(text, { maxAliasCount: 0 });
  const found = new Set<string>();
  for (const user of partsOf(config, 'users', 'user')) {
    for (const { option, field, isIn } of ofUsers) if (isIn(user) && !allowed.has(option)) found.add(field);
    const provider = providerOf(user);
    if (provider !== undefined && provider !== 'oidc' && !allowed.has(provider)) found.add(`auth-provider ${provider}`);
  }
  for (const cluster of partsOf(config, 'clusters', 'cluster')) {
    for (const { option, field, isIn } of ofClusters) if (isIn(cluster) && !allowed.has(option)) found.add(field);
  }
  return [...found];
}

function providerOf(user: Part): string | undefined {
  const provider = user['auth-provider'];
  if (provider === undefined || provider === null) return undefined;
  return isPart(provider) && typeof provider['name'] === 'string' ? provider['name'] : 'without a name';
}

function partsOf(config: unknown, list: string, name: string): readonly Part[] {
  const entries: unknown = isPart(config) ? config[list] : undefined;
  return (Array.isArray(entries) ? (entries as readonly unknown[]) : []).map((entry) => (isPart(entry) ? entry[name] : {})).filter(isPart);
}

function isPart(value: unknown): value is Part {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
