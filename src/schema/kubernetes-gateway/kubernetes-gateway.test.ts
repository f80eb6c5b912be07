import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const http = { name: 'http', port: 80, protocol: 'HTTP' };
const gateway = (...listeners: object[]) => issuesOf('KubernetesGateway', { gatewayClassName: 'istio', listeners });

describe('Gateway (Gateway API)', () => {
  it('accepts a whole one', () => {
    const tls = { mode: 'Terminate', certificateRefs: [{ name: 'c' }] };
    const allowedRoutes = { namespaces: { from: 'Selector', selector: { matchLabels: { a: 'b' } } }, kinds: [{ kind: 'HTTPRoute' }] };
    const https = { name: 'https', hostname: '*.a.com', port: 443, protocol: 'HTTPS', tls, allowedRoutes };
    expect(gateway(http, https, { ...https, name: 'other', hostname: 'b.com' }, { name: 'tcp', port: 9000, protocol: 'TCP' })).toEqual([]);
  });

  it.each([
    [gateway(http, { ...http, port: 81 }), 'error spec.listeners[1].name: repeats "http"'],
    [gateway(http, { ...http, name: 'b' }), 'error spec.listeners[1]: repeats the port, protocol and hostname of another listener'],
    [gateway({ ...http, protocol: 'TCP', hostname: 'a.com' }), 'error spec.listeners[0].hostname: is not possible with protocol TCP'],
    [gateway({ ...http, tls: {} }), 'error spec.listeners[0].tls: is not possible with protocol HTTP'],
    [
      gateway({ ...http, protocol: 'HTTPS', tls: { mode: 'Passthrough' } }),
      'error spec.listeners[0].tls.mode: must be Terminate for protocol HTTPS',
    ],
    [
      gateway({ ...http, hostname: 'A.com' }),
      'error spec.listeners[0].hostname: must be a lower-case host name, optionally with a first label "*"',
    ],
    [gateway({ ...http, port: '80' }), 'error spec.listeners[0].port: must be a whole number, not the text "80"'],
    [issuesOf('ListenerSet', { parentRef: { name: 'g' }, listeners: [http, http] }), 'error spec.listeners[1].name: repeats "http"'],
  ])('%j', (issues, expected) => {
    expect(issues).toContain(expected);
  });
});
