/** Rules on the egress listeners of a Sidecar. */

import type { Path } from '../field/parse-context.ts';
import { isAddress, unixPrefix, wrongNamespacedHost, wrongPort, wrongSocketPath } from '../parts/host-checks.ts';
import type { Report } from '../report.ts';
import { checkSidecarPort } from './ingress-checks.ts';
import type { IstioEgressListener } from './sidecar.ts';

export function checkEgress(listeners: readonly IstioEgressListener[], namespace: string, report: Report): void {
  const ports = new Set<number>();
  const sockets = new Set<string>();
  for (const [i, listener] of listeners.entries()) {
    const path = ['spec', 'egress', i];
    const { port, bind = '' } = listener;
    if (!port) {
      if (i < listeners.length - 1) report.error(path, 'has no port and must therefore be the last and only one of its kind');
    } else if (port.number) {
      checkPortAndBind(listener, path, report);
      if (ports.has(port.number)) report.error([...path, 'port', 'number'], `repeats ${port.number}`);
      ports.add(port.number);
    } else {
      checkSocketListener(listener, path, report);
      if (sockets.has(bind)) report.error([...path, 'bind'], `repeats "${bind}"`);
      sockets.add(bind);
    }
    if (port) checkSidecarPort(port, [...path, 'port'], report);
    checkHosts(listener.hosts, namespace, [...path, 'hosts'], report);
  }
}

function checkPortAndBind(listener: IstioEgressListener, path: Path, report: Report): void {
  const wrong = wrongPort(listener.port?.number ?? 0);
  if (wrong !== undefined) report.error([...path, 'port', 'number'], wrong);
  if (listener.bind && !isAddress(listener.bind)) report.error([...path, 'bind'], 'must be an IP address');
}

function checkSocketListener(listener: IstioEgressListener, path: Path, report: Report): void {
  const { bind = '', captureMode = 'DEFAULT' } = listener;
  const wrong = bind.startsWith(unixPrefix)
    ? wrongSocketPath(bind.slice(unixPrefix.length))
    : 'must be unix:// and a path, because the port has no number';
  if (wrong !== undefined) report.error([...path, 'bind'], wrong);
  if (captureMode === 'IPTABLES') report.error([...path, 'captureMode'], 'must be DEFAULT or NONE for a unix domain socket');
}

function checkHosts(hosts: readonly string[], namespace: string, path: Path, report: Report): void {
  if (hosts.length === 0) report.error(path, 'must have at least one host');
  const seen = new Map<string, Set<string>>();
  for (const [i, host] of hosts.entries()) {
    const wrong = wrongNamespacedHost(host, 'Sidecar');
    if (wrong !== undefined) report.error([...path, i], wrong);
    const slash = host.indexOf('/');
    if (slash < 0 || host.startsWith('~')) continue;
    const stated = host.slice(0, slash);
    const name = host.slice(slash + 1);
    const known = seen.get(stated === '.' ? namespace : stated) ?? new Set<string>();
    if (known.has(name) || known.has('*') || (name === '*' && known.size > 0)) report.warn([...path, i], `is already covered: "${host}"`);
    seen.set(stated === '.' ? namespace : stated, known.add(name));
  }
  if (seen.get('*')?.has('*') && seen.size > 1) report.warn(path, 'has further hosts beside "*/*", which selects everything');
}
