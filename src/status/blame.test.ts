import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../model/config-object.ts';
import { formatPath } from '../model/issue.ts';
import { formatRef, type ObjectRef } from '../model/object-ref.ts';
import { buildConfigMetadata } from '../xds/config-metadata.ts';
import { blame } from './blame.ts';

function object(kind: string, name: string, spec: object): ConfigObject {
  return { kind, apiVersion: 'networking.istio.io/v1', name, namespace: 'shop', labels: {}, annotations: {}, createdAt: 0, spec };
}

const a = object('VirtualService', 'a', { hosts: ['a'], http: [{ match: [{ uri: { regex: '/(a' } }] }] });
const b = object('VirtualService', 'b', { hosts: ['b'], http: [{ match: [{ uri: { regex: '/fine' } }] }] });
const rule = object('DestinationRule', 'rule', { host: 'entry.example', subsets: [{ name: 'v1' }] });
const entry = object('ServiceEntry', 'entry', { hosts: ['entry.example'] });
const gateway = object('Gateway', 'front', { servers: [{ port: { number: 8443, name: 'https', protocol: 'HTTPS' } }] });
const all = [a, b, rule, entry, gateway];
const context = {
  object: (ref: ObjectRef) => all.find((each) => formatRef(each) === formatRef(ref)),
  objects: (kind: string) => all.filter((each) => each.kind === kind),
};

const routeOf = (...sources: readonly ConfigObject[]) => ({ routes: sources.map((source) => ({ metadata: buildConfigMetadata(source) })) });

function blamed(message: string, resources: Readonly<Record<string, unknown>>, nodeId = 'sidecar~x'): readonly string[] {
  return blame({ nodeId, message, resources: new Map(Object.entries(resources)) }, context).map(
    ({ ref, path, names }) => `${formatRef(ref)} ${formatPath(path)} ${names.join()}`,
  );
}

describe('whom to blame', () => {
  it('is the object that the resource names', () => {
    expect(blamed('something else', { x: routeOf(b) })).toEqual(['VirtualService/shop/b  x']);
  });

  it('is of several the one whose text is quoted, with the field', () => {
    expect(blamed('missing ): /(a', { x: routeOf(a, b) })).toEqual(['VirtualService/shop/a spec.http[0].match[0].uri.regex x']);
    expect(blamed('missing ): /(a', { x: routeOf(b), y: routeOf(a) })).toEqual(['VirtualService/shop/a spec.http[0].match[0].uri.regex y']);
  });

  it('are all of them where nothing is quoted', () => {
    expect(blamed('no reason', { x: routeOf(a, b), y: routeOf(b) })).toEqual(['VirtualService/shop/a  x', 'VirtualService/shop/b  x,y']);
  });

  it('is the ServiceEntry of a cluster, or its DestinationRule', () => {
    const cluster = { metadata: { filter_metadata: { istio: { fields: { services: list({ host: 'entry.example' }) } } } } };
    expect(blamed('bad', { 'outbound|80||entry.example': cluster })).toEqual(['ServiceEntry/shop/entry  outbound|80||entry.example']);
    expect(blamed('bad', { c: { metadata: buildConfigMetadata(rule) } })).toEqual(['DestinationRule/shop/rule  c']);
  });

  it('are the Gateways of the port that a listener of a gateway has', () => {
    expect(blamed('bad', { '0.0.0.0_8443': {} }, 'router~x')).toEqual(['Gateway/shop/front  0.0.0.0_8443']);
    expect(blamed('bad', { '0.0.0.0_8443': {} }, 'sidecar~x')).toEqual([]);
    expect(blamed('bad', { 'https.8443.https.front.shop': {} }, 'router~x')).toHaveLength(1);
  });

  it('is whoever is quoted where a resource says nothing, and nobody by chance', () => {
    expect(blamed('cannot resolve entry.example', { x: undefined })).toEqual([
      'ServiceEntry/shop/entry spec.hosts[0] x',
      'DestinationRule/shop/rule spec.host x',
    ]);
    expect(blamed('https v1 a b', { x: undefined })).toEqual([]);
  });
});

function list(service: Readonly<Record<string, string>>): object {
  const fields = Object.fromEntries(Object.entries(service).map(([key, value]) => [key, { stringValue: value }]));
  return { listValue: { values: [{ structValue: { fields } }] } };
}
