import { describe, expect, it } from 'vitest';
import { crdTraits } from './crd-traits.ts';
import { buildCrds, ownKinds } from './crds.ts';

interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly versions: readonly { readonly name: string; readonly storage: boolean; readonly schema: unknown }[] };
}

const crds = buildCrds() as unknown as readonly Crd[];

describe('buildCrds', () => {
  it('defines every kind that is not of Kubernetes or the Gateway API', () => {
    expect(crds.map(({ metadata }) => metadata.name)).toContain('virtualservices.networking.istio.io');
    expect(crds).toHaveLength(ownKinds.length);
    expect(crds.some(({ metadata }) => metadata.name.endsWith('k8s.io'))).toBe(false);
  });

  it('stores each kind in exactly one version that is served', () => {
    for (const { metadata, spec } of crds) {
      expect(
        spec.versions.filter(({ storage }) => storage),
        metadata.name,
      ).toHaveLength(1);
    }
  });

  it('knows every kind that it says something special of', () => {
    const known = ownKinds.map(({ kind }) => kind);
    expect(Object.keys(crdTraits).filter((kind) => !known.includes(kind))).toEqual([]);
  });

  it('takes the second name that a field has in Istio', () => {
    const authentication = crds.find(({ metadata }) => metadata.name === 'requestauthentications.security.istio.io');
    const rules = JSON.stringify(authentication?.spec.versions[0]?.schema);
    expect(rules).toContain('"jwks_uri":{"type":"string","minLength":1');
  });
});
