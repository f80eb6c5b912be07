import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../model/config-object.ts';
import { buildConfigMetadata } from '../xds/config-metadata.ts';
import { ProxyRefusals } from './proxy-refusals.ts';

const service = (name: string, regex: string): ConfigObject => ({
  kind: 'VirtualService',
  apiVersion: 'networking.istio.io/v1',
  name,
  namespace: 'shop',
  labels: {},
  annotations: {},
  createdAt: 0,
  spec: { hosts: [name], http: [{ match: [{ uri: { regex } }] }] },
});

function world() {
  const objects = new Map([service('a', '/(a'), service('b', '/b')].map((object) => [object.name, object]));
  const told: string[] = [];
  const refusals = new ProxyRefusals({
    resource: (_node, _type, name) => {
      const object = objects.get(name);
      return object && { metadata: buildConfigMetadata(object) };
    },
    context: { object: (ref) => objects.get(ref.name), objects: () => objects.values() },
    now: () => 0,
    onChange: () => undefined,
    onNew: ({ message }, suspects) => told.push(`${message}: ${suspects.map(({ ref }) => ref.name).join()}`),
  });
  return { objects, refusals, told };
}

const node = (name: string) => `sidecar~10.0.0.1~${name}.shop~shop.svc.cluster.local`;

describe('what proxies refuse, and whom to blame', () => {
  it('is one thing for all proxies that say the same, of which some are named', () => {
    const { refusals, told } = world();
    for (let i = 0; i < 40; i++) refusals.refuse(node(`p${i}`), 'RDS', ['a', 'b'], 'missing ): /(a');
    expect(refusals.refusals()).toEqual([
      {
        message: 'missing ): /(a',
        suspects: [
          { ref: { kind: 'VirtualService', namespace: 'shop', name: 'a' }, path: ['spec', 'http', 0, 'match', 0, 'uri', 'regex'] },
        ],
        proxies: expect.arrayContaining(['p0.shop', 'p10.shop']) as unknown,
        count: 40,
      },
    ]);
    expect(refusals.refusals()[0]?.proxies).toHaveLength(10);
    expect(told).toEqual(['missing ): /(a: a']);
  });

  it('stays as it was blamed, whatever becomes of the object, until it is accepted', () => {
    const { refusals, objects } = world();
    refusals.refuse(node('p'), 'RDS', ['a', 'b'], 'missing ): /(a');
    objects.set('a', service('a', '/a'));
    expect(refusals.refusals()[0]?.suspects.map(({ ref }) => ref.name)).toEqual(['a']);
    refusals.accept(node('p'), 'RDS', () => ['b']);
    expect(refusals.refusals()).toHaveLength(1);
    refusals.accept(node('p'), 'RDS', () => ['a']);
    expect(refusals.refusals()).toEqual([]);
  });

  it('is no longer blamed on an object of which everything was accepted', () => {
    const { refusals } = world();
    refusals.refuse(node('p'), 'RDS', ['a', 'b'], 'missing ): /(a');
    refusals.accept(node('p'), 'RDS', () => ['a']);
    expect(refusals.refusals()).toEqual([]);
    refusals.refuse(node('p'), 'RDS', ['a', 'b'], 'no reason');
    expect(refusals.refusals()[0]?.suspects.map(({ ref }) => ref.name)).toEqual(['a', 'b']);
    refusals.accept(node('p'), 'RDS', () => ['b']);
    expect(refusals.refusals()[0]?.suspects.map(({ ref }) => ref.name)).toEqual(['a']);
  });

  it('asks for no names where nothing is refused', () => {
    const { refusals } = world();
    refusals.accept(node('p'), 'RDS', () => {
      throw new Error('asked');
    });
  });
});
