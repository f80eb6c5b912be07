import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const rules = [{ backendRefs: [{ name: 'a', port: 1 }] }];
const grpc = (fields: object) => issuesOf('GRPCRoute', { rules: [{ ...rules[0], ...fields }] });
const policy = (validation: object) =>
  issuesOf('BackendTLSPolicy', {
    targetRefs: [{ group: '', kind: 'Service', name: 'a' }],
    validation: { hostname: 'a.com', ...validation },
  });
const caCertificateRefs = [{ group: '', kind: 'ConfigMap', name: 'ca' }];

describe('further kinds of the Gateway API', () => {
  it.each([
    [grpc({ matches: [{ method: { service: 'a.B', method: 'C' } }] })],
    [issuesOf('TCPRoute', { rules })],
    [issuesOf('TLSRoute', { hostnames: ['a.com'], rules })],
    [policy({ caCertificateRefs, subjectAltNames: [{ type: 'URI', uri: 'spiffe://a/b' }] })],
    [policy({ wellKnownCACertificates: 'System' })],
    [issuesOf('GatewayClass', { controllerName: 'istio.io/gateway-controller' })],
    [
      issuesOf('ReferenceGrant', {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'a' }],
        to: [{ group: '', kind: 'Service' }],
      }),
    ],
  ])('accepts %#', (issues) => {
    expect(issues).toEqual([]);
  });

  it.each([
    [grpc({ matches: [{ method: {} }] }), 'error spec.rules[0].matches[0].method: must have a service or a method'],
    [
      grpc({ matches: [{ method: { service: 'a/b' } }] }),
      'error spec.rules[0].matches[0].method.service: must be the name of a gRPC service',
    ],
    [grpc({ filters: [{ type: 'ExtensionRef' }] }), 'error spec.rules[0].filters[0].extensionRef: is required for type ExtensionRef'],
    [
      issuesOf('TCPRoute', { rules: [{ backendRefs: [{ name: 'a' }] }] }),
      'error spec.rules[0].backendRefs[0].port: is required for a Service',
    ],
    [policy({}), 'error spec.validation: must have exactly one of caCertificateRefs and wellKnownCACertificates'],
    [
      policy({ caCertificateRefs, subjectAltNames: [{ type: 'URI', hostname: 'a' }] }),
      'error spec.validation.subjectAltNames[0]: must have exactly the field that type URI names',
    ],
    [issuesOf('GatewayClass', { controllerName: 'x' }), 'error spec.controllerName: must be of the form domain/path'],
    [issuesOf('ReferenceGrant', { from: [], to: [] }), 'error spec.from: must have at least 1 item'],
  ])('%j', (issues, expected) => {
    expect(issues).toContain(expected);
  });
});
