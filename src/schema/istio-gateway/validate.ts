/** Rules on an Istio Gateway beyond its structure, after Istio's ValidateGateway. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { isHttp, isTls, parseProtocol } from '../../model/protocol.ts';
import type { Path } from '../field/parse-context.ts';
import { isAddress, isDnsLabel, unixPrefix, wrongNamespacedHost, wrongPort, wrongSocketPath } from '../parts/host-checks.ts';
import { isKnownProtocol } from '../parts/protocol-checks.ts';
import { checkServerTls } from '../parts/server-tls-checks.ts';
import { Report } from '../report.ts';
import type { GatewayServer, IstioGateway } from './istio-gateway.ts';

export function validateIstioGateway(object: ConfigObject<IstioGateway>): readonly Issue[] {
  const report = new Report();
  const { servers = [] } = object.spec;
  if (!isDnsLabel(object.name)) report.error(['metadata', 'name'], 'must be a DNS label, without dots');
  if (servers.length === 0) report.error(['spec', 'servers'], 'must have at least one server');
  const portNames = new Set<string>();
  for (const [i, server] of servers.entries()) {
    const at = ['spec', 'servers', i];
    const { name, protocol } = server.port;
    if (portNames.has(name)) report.error([...at, 'port', 'name'], `repeats "${name}"`);
    portNames.add(name);
    if (server.tls?.httpsRedirect && !isHttp(parseProtocol(protocol)))
      report.warn([...at, 'tls', 'httpsRedirect'], 'works with HTTP servers only');
    checkServer(server, at, report);
  }
  return report.issues;
}

function checkServer(server: GatewayServer, path: Path, report: Report): void {
  if (server.hosts.length === 0) report.error([...path, 'hosts'], 'must have at least one host');
  for (const [i, host] of server.hosts.entries()) {
    const wrong = wrongNamespacedHost(host, 'Gateway');
    if (wrong !== undefined) report.error([...path, 'hosts', i], wrong);
  }
  checkPortAndBind(server, path, report);
  checkServerTls(server.tls, [...path, 'tls'], report);
  checkTlsFitsProtocol(server, path, report);
}

function checkPortAndBind(server: GatewayServer, path: Path, report: Report): void {
  const { port, bind = '' } = server;
  const at = [...path, 'port'];
  if (!isKnownProtocol(port.protocol))
    report.error([...at, 'protocol'], `is not known: "${port.protocol}"`, 'use HTTP, HTTPS, HTTP2, GRPC, TLS or TCP');
  if (port.name === '') report.error([...at, 'name'], 'must not be empty');
  if (port.targetPort) report.error([...at, 'targetPort'], 'has no effect in a Gateway');
  const isSocket = bind.startsWith(unixPrefix);
  if (isSocket) {
    const wrong = wrongSocketPath(bind.slice(unixPrefix.length));
    if (wrong !== undefined) report.error([...path, 'bind'], wrong);
    if (port.number !== 0) report.error([...at, 'number'], 'must be 0 for a unix domain socket');
  } else {
    const wrong = wrongPort(port.number);
    if (wrong !== undefined) report.error([...at, 'number'], wrong);
    if (bind !== '' && !isAddress(bind)) report.error([...path, 'bind'], 'must be an IP address or unix:// path');
  }
}

/** HTTPS and TLS need TLS settings; other protocols must not have any, except for HTTP's redirect to HTTPS. */
function checkTlsFitsProtocol(server: GatewayServer, path: Path, report: Report): void {
  const { tls } = server;
  if (!isKnownProtocol(server.port.protocol)) return;
  const protocol = parseProtocol(server.port.protocol);
  if (isTls(protocol)) {
    if (!tls) report.error([...path, 'tls'], `is required for protocol ${server.port.protocol}`);
    return;
  }
  if (!tls) return;
  const passesThrough = (tls.mode ?? 'PASSTHROUGH') === 'PASSTHROUGH' || tls.mode === 'AUTO_PASSTHROUGH';
  const redirectsOnly = passesThrough && !tls.caCertificates && !tls.privateKey && !tls.serverCertificate;
  if (!isHttp(protocol) || !redirectsOnly) report.error([...path, 'tls'], `is not possible with protocol ${server.port.protocol}`);
}
