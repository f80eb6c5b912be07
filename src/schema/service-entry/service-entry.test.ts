import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const ports = [{ number: 80, name: 'http', protocol: 'HTTP' }];
const se = (fields: object) => issuesOf('ServiceEntry', { hosts: ['a.com'], ports, ...fields });
const fixed = (endpoint: object) => se({ resolution: 'STATIC', endpoints: [endpoint] });

describe('ServiceEntry', () => {
  it.each([
    [se({ location: 'MESH_EXTERNAL', resolution: 'DNS', exportTo: ['.'] })],
    [se({ addresses: ['10.0.0.0/8'], resolution: 'STATIC', endpoints: [{ address: '10.0.0.1', ports: { http: 8080 } }] })],
    [se({ resolution: 'STATIC', endpoints: [{ address: 'unix:///var/run/x' }] })],
    [se({ resolution: 'DNS', hosts: ['*.a.com'], endpoints: [{ address: 'b.com' }] })],
    [se({ resolution: 'DYNAMIC_DNS', hosts: ['*.a.com'] })],
    [se({ exportTo: ['~'] })],
  ])('accepts %#', (issues) => {
    expect(issues).toEqual([]);
  });

  it.each([
    [se({ hosts: ['*'] }), 'error spec.hosts[0]: must not be "*"'],
    [se({ hosts: ['*foo.com'] }), 'warning spec.hosts[0]: must not have a partial wildcard; "*" stands for a whole label'],
    [se({ hosts: ['*.a.com'], resolution: 'DNS' }), 'error spec.hosts[0]: must be a full name with resolution DNS, or have endpoints'],
    [se({ exportTo: ['~', 'x'] }), 'error spec.exportTo: must not have other entries beside "~"'],
    [
      se({ addresses: ['10.0.0.0/8'], resolution: 'DNS' }),
      'error spec.addresses[0]: may be a CIDR block with resolution NONE or STATIC only, not DNS',
    ],
    [se({ addresses: ['x'] }), 'error spec.addresses[0]: must be an IP address or a CIDR block'],
    [se({ ports: [...ports, { number: 81, name: 'http' }] }), 'error spec.ports[1].name: repeats "http"'],
    [se({ ports: [...ports, { number: 80, name: 'b' }] }), 'error spec.ports[1].number: repeats 80'],
    [se({ ports: [{ number: 80, name: 'a', protocol: 'FOO' }] }), 'error spec.ports[0].protocol: is not known: "FOO"'],
    [se({ ports: [{ number: 0, name: 'a' }] }), 'error spec.ports[0].number: must be at least 1, not 0'],
    [se({ endpoints: [{ address: '1.1.1.1' }] }), 'error spec.endpoints: is not possible with resolution NONE'],
    [
      se({ resolution: 'DNS_ROUND_ROBIN', endpoints: [{ address: 'a' }, { address: 'b' }] }),
      'error spec.endpoints: must be at most one with resolution DNS_ROUND_ROBIN',
    ],
    [
      se({ resolution: 'STATIC', workloadSelector: { labels: { a: 'b' } }, endpoints: [] }),
      'error spec: may have only one of workloadSelector and endpoints',
    ],
    [
      se({ workloadSelector: { labels: { a: '*' } }, resolution: 'STATIC' }),
      'error spec.workloadSelector.labels.a: must not have a wildcard',
    ],
    [fixed({ address: 'host.com' }), 'error spec.endpoints[0].address: must be an IP address, not "host.com"'],
    [fixed({ address: '1.1.1.1', ports: { other: 1 } }), 'error spec.endpoints[0].ports.other: is no port of the service'],
    [fixed({ address: 'unix://./x' }), 'error spec.endpoints[0].address: must be the absolute path of a socket file'],
    [fixed({ network: 'n' }), 'warning spec.endpoints[0].address: is not set, traffic goes through the gateways of network n'],
    [
      se({ hosts: ['a', 'b'], resolution: 'STATIC', ports: [{ number: 1, name: 't', protocol: 'TCP' }] }),
      'error spec.ports[0].protocol: must be HTTP or TLS, because several hosts cannot be told apart otherwise',
    ],
    [se({ resolution: 'DYNAMIC_DNS' }), 'error spec.hosts[0]: must be a wildcard with resolution DYNAMIC_DNS'],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
