import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatIssue } from '../model/issue.ts';
import { issueCodes, issueCodeTable } from './issue-codes.ts';
import { kinds } from './kinds.ts';
import { parseObject } from './parse-object.ts';

const entry = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'WorkloadEntry',
  metadata: { name: 'vm', labels: { app: 'a' }, creationTimestamp: '2024-01-31T12:00:00Z' },
  spec: { address: '10.0.0.1' },
};
const texts = (json: unknown) => parseObject(json).issues.map(formatIssue);

describe('parseObject', () => {
  it('gives a ConfigObject with the defaults of metadata', () => {
    expect(parseObject(entry)).toEqual({
      object: {
        kind: 'WorkloadEntry',
        apiVersion: 'networking.istio.io/v1',
        name: 'vm',
        namespace: 'default',
        labels: { app: 'a' },
        annotations: {},
        createdAt: Date.UTC(2024, 0, 31, 12),
        spec: { address: '10.0.0.1' },
      },
      issues: [],
    });
  });

  it('takes the whole body of Kubernetes kinds and drops what it does not read', () => {
    const parsed = parseObject({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'a', namespace: 'b', managedFields: [] },
      spec: { ports: [{ port: 80, targetPort: 'http' }], whatever: 1 },
      status: { loadBalancer: {} },
    });
    expect(parsed.issues).toEqual([]);
    expect(parsed.object).toMatchObject({ kind: 'Service', namespace: 'b' });
    expect(parsed.object?.spec).toEqual({ spec: { ports: [{ port: 80, targetPort: 'http' }] }, status: { loadBalancer: {} } });
  });

  it('tells the two kinds named Gateway apart, and gives cluster-scoped kinds no namespace', () => {
    const gateway = { apiVersion: 'gateway.networking.k8s.io/v1', kind: 'Gateway', metadata: { name: 'g' } };
    const listeners = [{ name: 'http', port: 80, protocol: 'HTTP' }];
    expect(parseObject({ ...gateway, spec: { gatewayClassName: 'istio', listeners } }).object?.kind).toBe('KubernetesGateway');
    const servers = [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }];
    expect(parseObject({ ...gateway, apiVersion: 'networking.istio.io/v1', spec: { servers } }).object?.kind).toBe('Gateway');
    expect(parseObject({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n' } }).object?.namespace).toBe('');
  });

  it.each([
    [7, 'error CXS0004 a document must be an object, not 7'],
    [{ kind: 'Pod' }, 'error CXS0004 apiVersion: apiVersion is required, as text'],
    [{ ...entry, metadata: {} }, 'error IST0106 metadata.name: is required'],
    [{ ...entry, metadata: { name: 'A_b' } }, 'error IST0106 WorkloadEntry/default/A_b metadata.name: must be a lower-case DNS name'],
    [
      { ...entry, spec: { address: '10.0.0.1', weigth: 1 } },
      'warning CXS0001 WorkloadEntry/default/vm spec.weigth: unknown field "weigth" is ignored (did you mean "weight"?)',
    ],
    [{ ...entry, specs: {} }, 'warning CXS0001 WorkloadEntry/default/vm specs: unknown field "specs" is ignored (did you mean "spec"?)'],
    [{ ...entry, spec: [] }, 'error IST0106 WorkloadEntry/default/vm spec: must be an object, not a list'],
    [
      { ...entry, kind: 'WorkloadEntri' },
      'error CXS0002 kind: networking.istio.io/v1 WorkloadEntri is no kind of networking.istio.io (did you mean "WorkloadEntry"?)',
    ],
    [
      { ...entry, apiVersion: 'networking.istio.io/v2' },
      'error CXS0002 apiVersion: networking.istio.io/v2 WorkloadEntry is not a known version of WorkloadEntry (use networking.istio.io/v1)',
    ],
    [
      { ...entry, apiVersion: 'network.istio.io/v1' },
      'error CXS0002 apiVersion: network.istio.io/v1 WorkloadEntry is of an unknown API group (did you mean "networking.istio.io"?)',
    ],
    [
      { ...entry, apiVersion: 'security.istio.io/v1' },
      'error CXS0002 kind: security.istio.io/v1 WorkloadEntry is no kind of security.istio.io (WorkloadEntry is of networking.istio.io/v1)',
    ],
    [{ apiVersion: 'apps/v1', kind: 'Deployment' }, 'info CXS0003 kind: apps/v1 Deployment is not read by a mesh'],
    [
      { ...entry, metadata: { name: 'vm', annotations: { 'internal.istio.io/parents': 'x' } } },
      'error IST0106 WorkloadEntry/default/vm metadata.annotations.internal.istio.io/parents: may not be set by users',
    ],
  ])('%j: %s', (json, text) => {
    expect(texts(json)).toContain(text);
  });

  it('keeps a well-formed object that breaks a rule apart', () => {
    const parsed = parseObject({ ...entry, spec: { address: 'a_b' } });
    expect(parsed.object).toBeUndefined();
    expect(parsed.rejected).toMatchObject({ name: 'vm', spec: { address: 'a_b' } });
    expect(parseObject({ ...entry, spec: { address: 7 } }).rejected).toBeUndefined();
  });

  it('has an object exactly when no issue is an error, and never throws', () => {
    const header = fc.constantFrom(
      ...kinds.map((k) => ({ apiVersion: `${k.group}/${k.versions[0]}`.replace(/^\//, ''), kind: k.documentKind })),
    );
    const anyDocument = fc.record({ header, metadata: fc.jsonValue(), spec: fc.jsonValue(), good: fc.boolean() });
    fc.assert(
      fc.property(anyDocument, ({ header: { apiVersion, kind }, metadata, spec, good }) => {
        const parsed = parseObject({ apiVersion, kind, metadata: good ? { name: 'a' } : metadata, spec });
        expect(parsed.object === undefined).toBe(parsed.issues.some((issue) => issue.severity === 'error'));
      }),
      { numRuns: 200 },
    );
  });
});

describe('kinds', () => {
  it('have unique names, as objects and as documents', () => {
    expect(new Set(kinds.map((k) => k.kind)).size).toBe(kinds.length);
    expect(new Set(kinds.map((k) => `${k.group}/${k.documentKind}`)).size).toBe(kinds.length);
    for (const kind of kinds) expect(kind.versions.length).toBeGreaterThan(0);
  });
});

describe('issueCodeTable', () => {
  it('explains every code once', () => {
    expect(issueCodeTable.map((row) => row.code).sort()).toEqual(Object.values(issueCodes).sort());
  });
});
