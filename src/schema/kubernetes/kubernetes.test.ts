import { describe, expect, it } from 'vitest';
import { formatIssue } from '../../model/issue.ts';
import { parseObject } from '../parse-object.ts';

const metadata = { name: 'a' };

describe('Kubernetes kinds', () => {
  it.each([
    [
      'v1',
      'Pod',
      {
        spec: { containers: [{ name: 'c', ports: [{ containerPort: 80, name: 'http' }], resources: { limits: {} } }] },
        status: { podIP: '10.0.0.1' },
      },
    ],
    ['v1', 'Node', { status: { addresses: [{ type: 'InternalIP', address: '10.0.0.1' }], capacity: {} } }],
    ['v1', 'Namespace', {}],
    ['v1', 'Secret', { type: 'kubernetes.io/tls', data: { 'tls.crt': 'AA==' } }],
    ['v1', 'ConfigMap', { data: { mesh: 'trustDomain: a' }, immutable: true }],
    ['v1', 'ServiceAccount', { automountServiceAccountToken: false }],
    ['v1', 'Service', { spec: { type: 'ExternalName', externalName: 'a.com' } }],
    [
      'discovery.k8s.io/v1',
      'EndpointSlice',
      { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'], conditions: { ready: true } }], ports: [{ name: '', port: 80 }] },
    ],
    [
      'networking.k8s.io/v1',
      'Ingress',
      {
        spec: {
          rules: [
            {
              host: 'a.com',
              http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 's', port: { number: 80 } } } }] },
            },
          ],
        },
      },
    ],
    ['networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'istio.io/ingress-controller' } }],
  ])('%s %s is read without a word about unknown fields', (apiVersion, kind, body) => {
    const { object, issues } = parseObject({ apiVersion, kind, metadata, ...body });
    expect(issues).toEqual([]);
    expect(object?.kind).toBe(kind);
    expect(body).toMatchObject(object?.spec as object);
  });

  it.each([
    ['v1', 'Service', { spec: { ports: [{ port: '80' }] } }, 'spec.ports[0].port: must be a whole number, not the text "80"'],
    ['v1', 'Service', { spec: { ports: [{ port: 80, targetPort: -1 }] } }, 'spec.ports[0].targetPort: must be at least 0, not -1'],
    ['v1', 'Service', { spec: { ports: [{ port: 80, targetPort: 65536 }] } }, 'spec.ports[0].targetPort: must be at most 65535, not 65536'],
    ['v1', 'Secret', { data: { a: '!' } }, 'data.a: must be base64 text'],
    ['discovery.k8s.io/v1', 'EndpointSlice', { endpoints: [{}] }, 'endpoints[0].addresses: is required'],
    [
      'networking.k8s.io/v1',
      'Ingress',
      { spec: { rules: [{ http: { paths: [{ pathType: 'Regex' }] } }] } },
      'spec.rules[0].http.paths[0].pathType: must be one of Exact, Prefix, ImplementationSpecific, not the text "Regex"',
    ],
  ])('%s %s of a wrong structure is refused', (apiVersion, kind, body, expected) => {
    const { object, issues } = parseObject({ apiVersion, kind, metadata, ...body });
    expect(object).toBeUndefined();
    expect(issues.map(formatIssue)).toEqual([expect.stringContaining(expected)]);
  });
});
