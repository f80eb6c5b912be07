import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const dr = (fields: object) => issuesOf('DestinationRule', { host: 'a', ...fields });
const policy = (trafficPolicy: object) => dr({ trafficPolicy });
const lb = (loadBalancer: object) => policy({ loadBalancer });
const tls = (settings: object) => policy({ tls: settings });
const locality = (localityLbSetting: object) => policy({ outlierDetection: {}, loadBalancer: { localityLbSetting } });

describe('DestinationRule', () => {
  it('accepts a whole one', () => {
    const issues = dr({
      host: '*.example.com',
      trafficPolicy: {
        loadBalancer: {
          consistentHash: { httpCookie: { name: 'user', ttl: '0s' }, maglev: { tableSize: 65537 } },
          localityLbSetting: { distribute: [{ from: 'us/*', to: { 'us/a/*': 80, 'eu/*': 20 } }] },
        },
        connectionPool: { tcp: { maxConnections: 100, connectTimeout: '30ms', idleTimeout: '0s' }, http: { maxRetries: 3 } },
        outlierDetection: { consecutive5xxErrors: 7, interval: '5m', baseEjectionTime: '15m', maxEjectionPercent: 100 },
        tls: { mode: 'MUTUAL', clientCertificate: '/a', privateKey: '/b' },
        portLevelSettings: [{ port: { number: 80 }, loadBalancer: { simple: 'LEAST_REQUEST' } }],
      },
      subsets: [{ name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } }],
      exportTo: ['.'],
      workloadSelector: { matchLabels: { app: 'b' } },
    });
    expect(issues).toEqual([]);
  });

  it.each([
    [dr({ host: '' }), 'error spec.host: must not be empty'],
    [dr({ subsets: [{ name: 'a' }, { name: 'a' }] }), 'error spec.subsets[1].name: repeats "a"'],
    [dr({ subsets: [{ name: 'a_b' }] }), 'error spec.subsets[0].name: must be of letters, digits and "-", at most 63'],
    [policy({}), 'error spec.trafficPolicy: must have at least one field'],
    [
      policy({ tunnel: { targetHost: 'a', targetPort: 80 }, proxyProtocol: {} }),
      'error spec.trafficPolicy: may have only one of tunnel and proxyProtocol',
    ],
    [
      policy({ tunnel: { targetHost: 'a b', targetPort: 80 } }),
      'error spec.trafficPolicy.tunnel.targetHost: must be a host name (label "a b" is not valid)',
    ],
    [
      policy({ portLevelSettings: [{ port: { number: 1 } }] }),
      'error spec.trafficPolicy.portLevelSettings[0]: must have a setting beside port',
    ],
    [policy({ connectionPool: {} }), 'error spec.trafficPolicy.connectionPool: must have http or tcp settings'],
    [
      policy({ connectionPool: { http: { maxRetries: -1 } } }),
      'error spec.trafficPolicy.connectionPool.http.maxRetries: must not be negative',
    ],
    [
      policy({ outlierDetection: { maxEjectionPercent: 101 } }),
      'error spec.trafficPolicy.outlierDetection.maxEjectionPercent: must be from 0 to 100, not 101',
    ],
    [
      policy({ outlierDetection: { consecutiveErrors: 1 } }),
      'warning spec.trafficPolicy.outlierDetection.consecutiveErrors: is deprecated (use consecutiveGatewayErrors or consecutive5xxErrors)',
    ],
    [
      lb({ simple: 'RANDOM', consistentHash: {} }),
      'error spec.trafficPolicy.loadBalancer: only one of simple, consistentHash, backendUtilization may be set, not simple and consistentHash',
    ],
    [
      lb({ consistentHash: { maglev: { tableSize: 65536 } } }),
      'error spec.trafficPolicy.loadBalancer.consistentHash.maglev.tableSize: must be a prime number below 5000011, not 65536',
    ],
    [lb({ warmup: { duration: '1s', aggression: 0 } }), 'error spec.trafficPolicy.loadBalancer.warmup.aggression: must be greater than 0'],
    [
      lb({ localityLbSetting: { failover: [{ from: 'a', to: 'b' }] } }),
      'warning spec.trafficPolicy.loadBalancer.localityLbSetting: fails over only with outlierDetection, which is not set',
    ],
    [
      locality({ distribute: [{ from: 'a', to: { b: 50 } }] }),
      'error spec.trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to: must have weights that sum up to 100, not 50',
    ],
    [
      locality({ distribute: [{ from: 'a', to: { 'b/c': 50, b: 50 } }] }),
      'error spec.trafficPolicy.loadBalancer.localityLbSetting.distribute[0].to: has "b", which overlaps with "b/c"',
    ],
    [
      locality({ failover: [{ from: 'a', to: 'a' }] }),
      'error spec.trafficPolicy.loadBalancer.localityLbSetting.failover[0]: must lead to another region',
    ],
    [tls({ mode: 'MUTUAL', clientCertificate: 'a' }), 'error spec.trafficPolicy.tls.privateKey: is required for MUTUAL'],
    [
      tls({ mode: 'SIMPLE', credentialName: 'a', caCertificates: 'b' }),
      'error spec.trafficPolicy.tls.credentialName: is not possible beside certificates, keys or a CRL in files',
    ],
    [
      tls({ mode: 'SIMPLE', credentialName: 'configmap://other/x' }),
      'error spec.trafficPolicy.tls.credentialName: must be in the namespace of the object, ns',
    ],
    [
      tls({ mode: 'SIMPLE', insecureSkipVerify: true, caCertificates: 'b' }),
      'error spec.trafficPolicy.tls.insecureSkipVerify: is not possible beside settings that say what to verify',
    ],
    [
      dr({ workloadSelector: { matchLabels: { a: 'b' } }, exportTo: ['x'] }),
      'error spec.exportTo: may name the own namespace only, because the rule has a workloadSelector',
    ],
    [dr({ workloadSelector: {} }), 'warning spec.workloadSelector: has no labels and selects every workload of the namespace'],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });

  it('lets an earlier detail and a later rest stand beside each other', () => {
    expect(locality({ distribute: [{ from: 'a', to: { 'b/c': 50, 'b/*': 50 } }] })).toEqual([]);
  });
});
