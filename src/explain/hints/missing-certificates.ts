import type { FindHints } from './hint-context.ts';
import { chosenAt } from './way-facts.ts';

/** Certificates out of Secrets are asked of the control plane, which does not hand them out yet. */
export const missingCertificates: FindHints = ({ way }) => {
  const [name] = chosenAt(way, 'TLS').flatMap((chosen) => /kubernetes:\/\/(\S+)/.exec(chosen)?.[1] ?? []);
  if (name === undefined) return [];
  return [
    {
      message: `credentialName ${name}: Coxswain does not hand out certificates of Secrets yet, so the server has none and takes no connection`,
      advice: 'until then name files in serverCertificate and privateKey',
    },
  ];
};
