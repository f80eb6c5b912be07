import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../model/config-object.ts';
import type { PeerAuthentication } from '../../schema/peer-authentication/peer-authentication.ts';
import { effectiveMtls, mtlsModeOfPort } from './effective-mtls.ts';
import { namespaceMtlsMode } from './namespace-mtls-mode.ts';

type Mode = NonNullable<NonNullable<PeerAuthentication['mtls']>['mode']>;

function policy(namespace: string, mode: Mode | undefined, more: Partial<PeerAuthentication> & { at?: number; name?: string } = {}) {
  const { at = 0, name = 'default', ...spec } = more;
  return {
    kind: 'PeerAuthentication',
    apiVersion: 'security.istio.io/v1',
    name,
    namespace,
    labels: {},
    annotations: {},
    createdAt: at,
    spec: { ...(mode && { mtls: { mode } }), ...spec },
  } satisfies ConfigObject<PeerAuthentication>;
}

const web = { selector: { matchLabels: { app: 'web' } } };
const evaluate = (...policies: ConfigObject<PeerAuthentication>[]) =>
  effectiveMtls({ policies, namespace: 'shop', workloadLabels: { app: 'web', version: 'v1' }, rootNamespace: 'istio-system' });

describe('effectiveMtls', () => {
  it.each([
    ['nobody says anything', [], 'PERMISSIVE'],
    ['the mesh', [policy('istio-system', 'STRICT')], 'STRICT'],
    ['the mesh without a mode', [policy('istio-system', undefined)], 'PERMISSIVE'],
    ['the namespace over the mesh', [policy('istio-system', 'STRICT'), policy('shop', 'DISABLE')], 'DISABLE'],
    ['UNSET inherits', [policy('istio-system', 'STRICT'), policy('shop', 'UNSET'), policy('shop', 'UNSET', web)], 'STRICT'],
    ['the workload over its namespace', [policy('shop', 'STRICT'), policy('shop', 'DISABLE', web)], 'DISABLE'],
    ['a selector for others', [policy('shop', 'STRICT', { selector: { matchLabels: { app: 'db' } } })], 'PERMISSIVE'],
    ['a selector in the root namespace', [policy('istio-system', 'STRICT', web)], 'PERMISSIVE'],
    ['an empty selector is none', [policy('shop', 'STRICT', { selector: { matchLabels: {} } })], 'STRICT'],
    ['another namespace', [policy('other', 'STRICT')], 'PERMISSIVE'],
    ['the oldest', [policy('shop', 'STRICT', { at: 2, name: 'a' }), policy('shop', 'DISABLE', { at: 1, name: 'b' })], 'DISABLE'],
    ['of one age the first by name', [policy('shop', 'STRICT', { name: 'b' }), policy('shop', 'DISABLE', { name: 'a' })], 'DISABLE'],
  ] as const)('%s', (_, policies, mode) => {
    expect(evaluate(...policies).mode).toBe(mode);
  });

  it('ports have modes of their own in a policy that selects the workload; UNSET means the mode of the workload', () => {
    const ports = { portLevelMtls: { '9000': { mode: 'UNSET' }, '80': { mode: 'DISABLE' } } } as const;
    const mtls = evaluate(policy('shop', 'STRICT', { ...web, ...ports }));
    expect([...mtls.portModes]).toEqual([
      [80, 'DISABLE'],
      [9000, 'STRICT'],
    ]);
    expect([80, 9000, 1].map((port) => mtlsModeOfPort(mtls, port))).toEqual(['DISABLE', 'STRICT', 'STRICT']);
    expect(evaluate(policy('shop', 'STRICT', ports)).portModes.size).toBe(0);
  });

  it('a younger policy for the workload does not add its ports', () => {
    const ports = { portLevelMtls: { '80': { mode: 'DISABLE' } } } as const;
    expect(
      evaluate(policy('shop', 'STRICT', { ...web, at: 1 }), policy('shop', undefined, { ...web, ...ports, at: 2 })).portModes.size,
    ).toBe(0);
  });
});

describe('namespaceMtlsMode', () => {
  const modeOf = (...policies: ConfigObject<PeerAuthentication>[]) => namespaceMtlsMode(policies, 'shop', 'istio-system');

  it('leaves open what nobody says, and passes over policies for workloads', () => {
    expect(modeOf()).toBeUndefined();
    expect(modeOf(policy('shop', 'STRICT', web), policy('other', 'STRICT'))).toBeUndefined();
  });

  it('is that of the namespace, else of the mesh, whose UNSET is PERMISSIVE', () => {
    expect(modeOf(policy('istio-system', undefined))).toBe('PERMISSIVE');
    expect(modeOf(policy('istio-system', 'STRICT'), policy('shop', 'UNSET'))).toBe('STRICT');
    expect(modeOf(policy('istio-system', 'STRICT'), policy('shop', 'DISABLE'))).toBe('DISABLE');
    expect(modeOf(policy('shop', undefined))).toBe('PERMISSIVE');
    expect(namespaceMtlsMode([policy('istio-system', 'STRICT')], 'istio-system', 'istio-system')).toBe('STRICT');
  });
});
