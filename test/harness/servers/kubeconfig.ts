import { readFile } from 'node:fs/promises';
import type { IssuedCertificate } from './test-authority.ts';

/** How somebody says who they are. */
export type KubeUser = { readonly token: string } | IssuedCertificate;

/** The text of a kubeconfig for one user of one cluster, with everything inside and no paths. */
export async function kubeconfigOf(server: string, authorityFile: string, user: KubeUser): Promise<string> {
  const base64 = async (file: string) => (await readFile(file)).toString('base64');
  const credentials =
    'token' in user
      ? { token: user.token }
      : { 'client-certificate-data': await base64(user.certificate), 'client-key-data': await base64(user.key) };
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'test', cluster: { server, 'certificate-authority-data': await base64(authorityFile) } }],
    users: [{ name: 'test', user: credentials }],
    contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
  return `${JSON.stringify(config, undefined, 2)}\n`;
}
