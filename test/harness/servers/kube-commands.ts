import type { IssuedCertificate } from './test-authority.ts';

/** Where the parts of one cluster find each other, and what they prove themselves with. */
export interface KubeParts {
  /** The program of test/kube. */
  readonly kube: string;
  readonly directory: string;
  readonly etcdPort: number;
  readonly authorityFile: string;
  readonly serving: IssuedCertificate;
  /** `token,user,uid,"groups"` a line. */
  readonly tokensFile: string;
  /** Signs the tokens of service accounts. */
  readonly accountKeyFile: string;
  /** ClusterIPs; `kubernetes.default` has its first address. */
  readonly serviceRange: string;
}

type Command = readonly [string, ...string[]];

export function etcdCommand({ kube, directory, etcdPort }: KubeParts): Command {
  const client = `http://127.0.0.1:${etcdPort}`;
  const peer = 'http://127.0.0.1:0';
  return [
    kube,
    'etcd',
    `--data-dir=${directory}/etcd`,
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    // what a test leaves behind is thrown away: it need not survive a power cut
    '--unsafe-no-fsync',
    '--log-level=warn',
  ];
}

export function apiServerCommand(parts: KubeParts, port: number, more: readonly string[]): Command {
  return [
    parts.kube,
    'apiserver',
    `--etcd-servers=http://127.0.0.1:${parts.etcdPort}`,
    '--bind-address=127.0.0.1',
    '--advertise-address=127.0.0.1',
    // the address is loopback, which EndpointSlices refuse
    '--endpoint-reconciler-type=none',
    `--secure-port=${port}`,
    `--tls-cert-file=${parts.serving.certificate}`,
    `--tls-private-key-file=${parts.serving.key}`,
    `--client-ca-file=${parts.authorityFile}`,
    `--token-auth-file=${parts.tokensFile}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc.cluster.local',
    `--service-account-key-file=${parts.accountKeyFile}`,
    `--service-account-signing-key-file=${parts.accountKeyFile}`,
    `--service-cluster-ip-range=${parts.serviceRange}`,
    '--allow-privileged=true',
    ...more,
  ];
}

export function controllersCommand(parts: KubeParts, kubeconfig: string): Command {
  return [
    parts.kube,
    'controllers',
    `--kubeconfig=${kubeconfig}`,
    `--service-account-private-key-file=${parts.accountKeyFile}`,
    `--root-ca-file=${parts.authorityFile}`,
    '--use-service-account-credentials=true',
    '--leader-elect=false',
    '--bind-address=127.0.0.1',
    '--secure-port=0',
    '--kube-api-qps=500',
    '--kube-api-burst=1000',
    '--controllers=*,-node-ipam-controller,-node-route-controller,-service-lb-controller,-cloud-node-lifecycle-controller',
  ];
}
