import type { Hint } from '../explanation.ts';
import { gatewayHosts } from './gateway-hosts.ts';
import type { FindHints, HintContext } from './hint-context.ts';
import { kindsWithoutEffect } from './kinds-without-effect.ts';
import { missingCertificates } from './missing-certificates.ts';
import { missingCluster } from './missing-cluster.ts';
import { noEndpoints } from './no-endpoints.ts';
import { notVisible } from './not-visible.ts';
import { patchedBy } from './patched-by.ts';
import { protocolByName } from './protocol-by-name.ts';
import { refusedServers } from './refused-servers.ts';
import { strictMutualTls } from './strict-mutual-tls.ts';
import { unknownHost } from './unknown-host.ts';
import { wrongPort } from './wrong-port.ts';

/** The usual mistakes, in the order in which they are told. */
const mistakes: readonly FindHints[] = [
  unknownHost,
  notVisible,
  wrongPort,
  protocolByName,
  missingCluster,
  noEndpoints,
  gatewayHosts,
  refusedServers,
  missingCertificates,
  strictMutualTls,
  patchedBy,
  kindsWithoutEffect,
];

/** What may explain an answer that surprises. */
export function findHints(context: HintContext): readonly Hint[] {
  return mistakes.flatMap((find) => find(context));
}
