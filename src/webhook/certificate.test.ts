import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { describe, expect, it } from 'vitest';
import { createAuthority, issueServerCertificate } from './certificate.ts';

const day = 86_400_000;
const now = Date.now();
const authority = createAuthority('webhook', { fromMs: now - day, untilMs: now + 3650 * day });
const validity = { fromMs: now - day, untilMs: now + 90 * day };

describe('certificates', () => {
  it('say what they are for', () => {
    const root = new X509Certificate(authority.certificate);
    expect([root.ca, root.subject, root.issuer, root.verify(root.publicKey)]).toEqual([true, 'CN=webhook', 'CN=webhook', true]);
    const leaf = new X509Certificate(issueServerCertificate(authority, ['istiod.istio-system.svc', 'b.c'], validity).certificate);
    expect([leaf.ca, leaf.subjectAltName, leaf.issuer]).toEqual([false, 'DNS:istiod.istio-system.svc, DNS:b.c', 'CN=webhook']);
    expect([leaf.checkIssued(root), leaf.verify(root.publicKey)]).toEqual([true, true]);
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1']);
  });

  it('are valid for the time stated, to the second, and no longer than their authority', () => {
    const root = new X509Certificate(authority.certificate);
    const leaf = new X509Certificate(issueServerCertificate(authority, ['a'], { fromMs: now, untilMs: now + 9999 * day }).certificate);
    expect(leaf.validFromDate.getTime()).toBe(Math.floor(now / 1000) * 1000);
    expect(leaf.validToDate).toEqual(root.validToDate);
    const late = createAuthority('late', { fromMs: now, untilMs: Date.UTC(2061, 3, 5) });
    expect(new X509Certificate(late.certificate).validToDate.getTime()).toBe(Date.UTC(2061, 3, 5));
  });

  it('are what TLS clients accept for the name, and for no other', async () => {
    const { certificate, key } = issueServerCertificate(authority, ['istiod.istio-system.svc'], validity);
    const server = createServer({ cert: certificate, key }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const shake = async (servername: string) => {
      const socket = connect({ port, host: '127.0.0.1', servername, ca: authority.certificate });
      const result = await once(socket, 'secureConnect').then(
        () => 'connected',
        (error: unknown) => (error as NodeJS.ErrnoException).code,
      );
      socket.destroy();
      return result;
    };
    expect(await shake('istiod.istio-system.svc')).toBe('connected');
    expect(await shake('istiod.other.svc')).toBe('ERR_TLS_CERT_ALTNAME_INVALID');
    server.close();
  });
});
