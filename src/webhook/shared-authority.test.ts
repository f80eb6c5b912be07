import { X509Certificate } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MemoryKube } from '../../test/harness/memory-kube.ts';
import { issueServerCertificate } from './certificate.ts';
import { loadSharedAuthority } from './shared-authority.ts';

const now = Date.UTC(2026, 0, 1);
const year = 365 * 86_400_000;
const load = (client: MemoryKube, nowMs: number, mayReplace = true) =>
  loadSharedAuthority({ client, namespace: 'istio-system', nowMs, mayReplace });
const path = '/api/v1/namespaces/istio-system/secrets/istiod-webhook-certs';

describe('the authority that replicas share', () => {
  it('is made once, also by replicas that start together', async () => {
    const kube = new MemoryKube();
    const both = await Promise.all([load(kube, now), load(kube, now)]);
    expect(both[0]?.certificate).toBe(both[1]?.certificate);
    expect(both[0]?.bundle).toBe(both[1]?.certificate);
    expect(kube.writes().filter((write) => write.startsWith('PUT'))).toEqual([]);
    const later = await load(kube, now + year);
    expect(later).toEqual(both[0]);
  });

  it('is replaced before it ends, and clients trust both for as long', async () => {
    const kube = new MemoryKube();
    const old = await load(kube, now);
    expect(await load(kube, now + 9.8 * year, false)).toEqual(old);
    const next = await load(kube, now + 9.8 * year);
    expect(next.certificate).not.toBe(old.certificate);
    expect(next.bundle).toBe(next.certificate + old.certificate);
    expect(await load(kube, now + 9.8 * year)).toEqual(next);
    const leaf = issueServerCertificate(next, ['a'], { fromMs: now, untilMs: now + year });
    expect(new X509Certificate(leaf.certificate).checkIssued(new X509Certificate(next.certificate))).toBe(true);
  });

  it('replaces a Secret that holds something else', async () => {
    const kube = new MemoryKube();
    kube.put(path, { metadata: {}, data: { 'ca.crt': 'bm9uc2Vuc2U=' } });
    const made = await load(kube, now);
    expect(await load(kube, now)).toEqual(made);
  });
});
