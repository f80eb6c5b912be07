import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const port = { number: 443, name: 'https', protocol: 'HTTPS' };
const tls = { mode: 'SIMPLE', credentialName: 'c' };
const server = (fields: object) => issuesOf('Gateway', { servers: [{ port, hosts: ['a.com'], tls, ...fields }] });
const withTls = (fields: object) => server({ tls: fields });

describe('Gateway (Istio)', () => {
  it('accepts a whole one', () => {
    const http = {
      port: { number: 80, name: 'http', protocol: 'HTTP' },
      hosts: ['ns1/*.a.com', '*', './b.com', '1.2.3.4'],
      tls: { httpsRedirect: true },
    };
    const pass = { port: { number: 15443, name: 'tls', protocol: 'TLS' }, hosts: ['*.local'], tls: { mode: 'AUTO_PASSTHROUGH' } };
    const socket = { port: { number: 0, name: 'uds', protocol: 'HTTP' }, bind: 'unix:///run/x', hosts: ['*'] };
    expect(issuesOf('Gateway', { selector: { istio: 'x' }, servers: [{ port, hosts: ['a.com'], tls }, http, pass, socket] })).toEqual([]);
  });

  it.each([
    [issuesOf('Gateway', {}), 'error spec.servers: must have at least one server'],
    [
      issuesOf('Gateway', { servers: [{ port, hosts: ['a.com'], tls }] }, { name: 'a.b' }),
      'error metadata.name: must be a DNS label, without dots',
    ],
    [server({ hosts: [] }), 'error spec.servers[0].hosts: must have at least one host'],
    [server({ hosts: ['short'] }), 'error spec.servers[0].hosts[0]: must be a full name, not a short one'],
    [server({ hosts: ['*foo.com'] }), 'error spec.servers[0].hosts[0]: must not have a partial wildcard; "*" stands for a whole label'],
    [server({ hosts: ['a_b/x.com'] }), 'error spec.servers[0].hosts[0]: must have a namespace, "." or "*" before the slash, not "a_b"'],
    [server({ port: { ...port, number: 0 } }), 'error spec.servers[0].port.number: must be a port from 1 to 65535, not 0'],
    [
      server({ port: { ...port, protocol: 'FOO' } }),
      'error spec.servers[0].port.protocol: is not known: "FOO" (use HTTP, HTTPS, HTTP2, GRPC, TLS or TCP)',
    ],
    [server({ tls: undefined }), 'error spec.servers[0].tls: is required for protocol HTTPS'],
    [server({ port: { ...port, protocol: 'TCP' } }), 'error spec.servers[0].tls: is not possible with protocol TCP'],
    [server({ bind: 'host' }), 'error spec.servers[0].bind: must be an IP address or unix:// path'],
    [
      withTls({ mode: 'SIMPLE', privateKey: 'a' }),
      'error spec.servers[0].tls.serverCertificate: is required for SIMPLE, or a credentialName',
    ],
    [
      withTls({ mode: 'MUTUAL', privateKey: 'a', serverCertificate: 'b' }),
      'error spec.servers[0].tls.caCertificates: is required for MUTUAL, or a credentialName',
    ],
    [withTls({ mode: 'ISTIO_MUTUAL', credentialName: 'a' }), 'error spec.servers[0].tls.credentialName: is not possible with ISTIO_MUTUAL'],
    [withTls({ mode: 'PASSTHROUGH', credentialName: 'a' }), 'warning spec.servers[0].tls: does not use credentialName in mode PASSTHROUGH'],
    [
      withTls({ ...tls, credentialNames: ['a'] }),
      'error spec.servers[0].tls: may have only one of credentialName, credentialNames, tlsCertificates and serverCertificate with privateKey',
    ],
    [
      withTls({ ...tls, cipherSuites: ['FOO'] }),
      'warning spec.servers[0].tls.cipherSuites[0]: is not a known cipher suite, "FOO" is left out',
    ],
    [withTls({ ...tls, httpsRedirect: true }), 'warning spec.servers[0].tls.httpsRedirect: works with HTTP servers only'],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });

  it('wants unique port names', () => {
    const one = { port, hosts: ['a.com'], tls };
    expect(issuesOf('Gateway', { servers: [one, one] })).toEqual(['error spec.servers[1].port.name: repeats "https"']);
  });
});
