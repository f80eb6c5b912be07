import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const wg = (fields: object) => issuesOf('WorkloadGroup', { template: {}, ...fields });

describe('WorkloadGroup', () => {
  it('accepts a template without an address, and every probe', () => {
    for (const probe of [
      { httpGet: { port: 80, scheme: 'HTTPS' } },
      { tcpSocket: { port: 80 } },
      { exec: { command: ['true'] } },
      { grpc: {} },
    ]) {
      expect(wg({ metadata: { labels: { a: 'b' } }, template: { ports: { http: 1 } }, probe })).toEqual([]);
    }
  });

  it.each([
    [issuesOf('WorkloadGroup', {}), 'error spec.template: is required'],
    [wg({ probe: {} }), 'error spec.probe: must have httpGet, tcpSocket, exec or grpc'],
    [wg({ probe: { httpGet: { port: 80, scheme: 'http' } } }), 'error spec.probe.httpGet.scheme: must be HTTP or HTTPS'],
    [wg({ probe: { exec: { command: [] } } }), 'error spec.probe.exec.command: must not be empty'],
    [
      wg({ probe: { httpGet: { port: 80, httpHeaders: [{ name: 'a b' }] } } }),
      'error spec.probe.httpGet.httpHeaders[0].name: must be a header name of letters, digits, "-" and "_"',
    ],
    [wg({ probe: { periodSeconds: -1, exec: { command: ['a'] } } }), 'error spec.probe.periodSeconds: must be at least 0, not -1'],
    [wg({ template: { address: 'unix:///a', ports: {} } }), 'error spec.template.ports: is not possible with a unix domain socket'],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
