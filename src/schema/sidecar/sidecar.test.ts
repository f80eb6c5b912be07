import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const port = { number: 9080, protocol: 'HTTP', name: 'http' };
const ingress = (fields: object) => issuesOf('Sidecar', { ingress: [{ port, ...fields }] });
const egress = (...listeners: object[]) => issuesOf('Sidecar', { egress: listeners });
const hosts = (...names: string[]) => egress({ hosts: names });

describe('Sidecar', () => {
  it('accepts a whole one', () => {
    const issues = issuesOf('Sidecar', {
      workloadSelector: { labels: { app: 'a' } },
      ingress: [
        { port, bind: '0.0.0.0', defaultEndpoint: '[::1]:80' },
        { port: { number: 1, protocol: 'HTTPS' }, tls: { mode: 'SIMPLE', privateKey: 'a', serverCertificate: 'b' } },
      ],
      egress: [
        { port: { number: 80 }, hosts: ['./*'] },
        { port: { number: 0 }, bind: 'unix:///x', hosts: ['*/a.com'] },
        { hosts: ['istio-system/*', '~dev/*'] },
      ],
      outboundTrafficPolicy: { mode: 'ALLOW_ANY', egressProxy: { host: 'egress.ns.svc.cluster.local', port: { number: 443 } } },
    });
    expect(issues).toEqual([]);
  });

  it.each([
    [issuesOf('Sidecar', {}), 'error spec: must have ingress, egress, inboundConnectionPool or outboundTrafficPolicy'],
    [ingress({ port: { number: 0 } }), 'error spec.ingress[0].port.number: must be a port from 1 to 65535, not 0'],
    [ingress({ bind: 'unix:///x' }), 'error spec.ingress[0].bind: must be an IP address'],
    [
      ingress({ defaultEndpoint: '1.2.3.4:80' }),
      'error spec.ingress[0].defaultEndpoint: must be 127.0.0.1:PORT, 0.0.0.0:PORT, [::1]:PORT, [::]:PORT or unix:// and a path',
    ],
    [
      ingress({ tls: { mode: 'SIMPLE', privateKey: 'a', serverCertificate: 'b' } }),
      'error spec.ingress[0].tls: is possible with protocol HTTPS or TLS only',
    ],
    [
      ingress({ port: { ...port, protocol: 'TLS' }, tls: { mode: 'SIMPLE', credentialName: 'a' } }),
      'error spec.ingress[0].tls.credentialName: is not possible in a Sidecar',
    ],
    [hosts('a.com'), 'error spec.egress[0].hosts[0]: must have the form namespace/host'],
    [hosts('ns/short'), 'error spec.egress[0].hosts[0]: must be a full name, not a short one'],
    [hosts('*/*', 'ns/a.com'), 'warning spec.egress[0].hosts: has further hosts beside "*/*", which selects everything'],
    [hosts('./a.com', 'ns/a.com'), 'warning spec.egress[0].hosts[1]: is already covered: "ns/a.com"'],
    [hosts(), 'error spec.egress[0].hosts: must have at least one host'],
    [
      egress({ hosts: ['*/*'] }, { port: { number: 80 }, hosts: ['*/*'] }),
      'error spec.egress[0]: has no port and must therefore be the last and only one of its kind',
    ],
    [
      egress({ port: { number: 0 }, hosts: ['*/*'] }),
      'error spec.egress[0].bind: must be unix:// and a path, because the port has no number',
    ],
    [
      issuesOf('Sidecar', { outboundTrafficPolicy: { egressProxy: { host: 'a' } } }),
      'error spec.outboundTrafficPolicy.egressProxy: is possible with mode ALLOW_ANY only',
    ],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
