/** Rules on the ingress listeners of a Sidecar. */

import { isHttp, isTls, parseProtocol } from '../../model/protocol.ts';
import type { Path } from '../field/parse-context.ts';
import { checkConnectionPool } from '../parts/connection-pool-checks.ts';
import { isAddress, isDnsLabel, unixPrefix, wrongPort, wrongSocketPath } from '../parts/host-checks.ts';
import { isKnownProtocol } from '../parts/protocol-checks.ts';
import { checkServerTls } from '../parts/server-tls-checks.ts';
import type { Report } from '../report.ts';
import type { IstioIngressListener, SidecarPort } from './sidecar.ts';

export function checkIngress(listeners: readonly IstioIngressListener[], report: Report): void {
  const ports = new Set<number>();
  for (const [i, listener] of listeners.entries()) {
    const path = ['spec', 'ingress', i];
    const { port, bind, defaultEndpoint, connectionPool } = listener;
    const number = port.number ?? 0;
    checkSidecarPort(port, [...path, 'port'], report);
    const wrong = wrongPort(number);
    if (wrong !== undefined) report.error([...path, 'port', 'number'], wrong);
    if (bind && !isAddress(bind)) report.error([...path, 'bind'], 'must be an IP address');
    if (ports.has(number)) report.error([...path, 'port', 'number'], `repeats ${number}`);
    ports.add(number);
    if (defaultEndpoint) checkDefaultEndpoint(defaultEndpoint, [...path, 'defaultEndpoint'], report);
    checkTls(listener, path, report);
    checkConnectionPool(connectionPool, [...path, 'connectionPool'], report);
    if (connectionPool?.http && !isHttp(parseProtocol(port.protocol))) {
      report.warn([...path, 'connectionPool', 'http'], 'has no effect, because the protocol of the port is not HTTP');
    }
  }
}

/** What ports of ingress and egress listeners have in common. */
export function checkSidecarPort(port: SidecarPort, path: Path, report: Report): void {
  if (port.name && !isDnsLabel(port.name)) report.error([...path, 'name'], 'must be the name of a port: letters, digits and "-"');
  if (port.protocol && !isKnownProtocol(port.protocol)) report.error([...path, 'protocol'], `is not known: "${port.protocol}"`);
  if (port.targetPort) report.error([...path, 'targetPort'], 'has no effect in a Sidecar');
}

const localHosts: readonly string[] = ['', '127.0.0.1', '0.0.0.0', '[::1]', '[::]'];

function checkDefaultEndpoint(endpoint: string, path: Path, report: Report): void {
  if (endpoint.startsWith(unixPrefix)) {
    const wrong = wrongSocketPath(endpoint.slice(unixPrefix.length));
    if (wrong !== undefined) report.error(path, wrong);
    return;
  }
  const colon = endpoint.lastIndexOf(':');
  const port = endpoint.slice(colon + 1);
  const fits =
    colon >= 0 && localHosts.includes(endpoint.slice(0, colon)) && /^\d{1,5}$/.test(port) && wrongPort(Number(port)) === undefined;
  if (!fits) report.error(path, 'must be 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix:// and a path');
}

const unsupported = ['subjectAltNames', 'httpsRedirect', 'credentialName', 'credentialNames', 'tlsCertificates'] as const;

function checkTls(listener: IstioIngressListener, path: Path, report: Report): void {
  const { tls, port } = listener;
  if (!tls) return;
  const at = [...path, 'tls'];
  for (const name of unsupported) {
    const value = tls[name];
    const isSet = value === true || (typeof value === 'string' && value !== '') || (Array.isArray(value) && value.length > 0);
    if (isSet) report.error([...at, name], 'is not possible in a Sidecar');
  }
  if (tls.mode === 'ISTIO_MUTUAL' || tls.mode === 'AUTO_PASSTHROUGH') report.error([...at, 'mode'], `must not be ${tls.mode} in a Sidecar`);
  if (!isTls(parseProtocol(port.protocol))) report.error(at, 'is possible with protocol HTTPS or TLS only');
  checkServerTls(tls, at, report);
}
