import { describe, expect, it } from 'vitest';
import { testSettings } from '../../mesh/routing/routing-fixtures.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { Protocol } from '../../model/protocol.ts';
import type { Service } from '../../model/service.ts';
import { service, sidecarScope } from '../routes/route-fixtures.ts';
import { settingsWith } from './listener-fixtures.ts';
import { type OutboundListenerKeysInput, outboundListenerKeys } from './outbound-listener-keys.ts';

interface Case extends Partial<Omit<OutboundListenerKeysInput, 'service' | 'port'>> {
  readonly number?: number;
}

/** The keys as `bind+others_port`, with `*` for a real socket and the prefixes behind it. */
function keys(protocol: Protocol, more: Partial<Service> = {}, { number = 8000, ...input }: Case = {}): readonly string[] {
  const web = service('web.default.svc.cluster.local', { [number]: protocol }, more);
  const [port] = web.ports;
  if (port === undefined) throw new Error('no port');
  const base = { service: web, port, endpointAddresses: [], scope: sidecarScope, settings: testSettings, ownAddress: '10.1.1.1' };
  return outboundListenerKeys({ ...base, ...input }).map((key) => {
    const cidrs = key.cidrs.length > 0 ? ` [${key.cidrs.join()}]${key.isPodAddress ? ' pod' : ''}` : '';
    return `${[key.bind, ...key.extraBinds].join('+')}_${key.port.number}${key.bindToPort ? '*' : ''}${cidrs}`;
  });
}

const headless = { addresses: [], resolution: 'Passthrough' } as const;
const external = { provider: 'External' } as const;
const scopeWith = (features: Partial<OutboundScope['features']>): OutboundScope => ({
  ...sidecarScope,
  features: { ...sidecarScope.features, ...features },
});
const dual = { scope: scopeWith({ ipv6: true }) };

describe('outboundListenerKeys', () => {
  it.each<[string, Protocol, Partial<Service>, Case, readonly string[]]>([
    ['HTTP shares the wildcard address', 'HTTP', {}, {}, ['0.0.0.0_8000']],
    ['so do gRPC and an HTTP proxy', 'GRPC', {}, {}, ['0.0.0.0_8000']],
    ['TCP has the address of its service', 'TCP', {}, {}, ['10.0.0.1_8000']],
    ['what is sniffed too', 'Auto', {}, {}, ['10.0.0.1_8000']],
    ['UDP has none', 'UDP', {}, {}, []],
    ['nor has an alias', 'HTTP', { resolution: 'Alias' }, {}, []],
    ['without an address TCP takes the whole port', 'TCP', { ...external, addresses: [], resolution: 'DNSLB' }, {}, ['0.0.0.0_8000']],
    [
      'prefixes are matched behind the wildcard address, other addresses stand alone',
      'TLS',
      { ...external, addresses: ['10.0.0.0/8', '1.2.3.4'] },
      {},
      ['0.0.0.0_8000 [10.0.0.0/8]', '1.2.3.4_8000'],
    ],
    ['two families', 'TCP', { addresses: ['10.0.0.1', 'fd00::1'] }, dual, ['10.0.0.1+fd00::1_8000']],
    ['one of two families', 'TCP', { addresses: ['10.0.0.1', 'fd00::1'] }, {}, ['10.0.0.1_8000']],
    ['HTTP of a proxy with both', 'HTTP', {}, dual, ['0.0.0.0+::_8000']],
    ['IPv6 alone', 'HTTP', {}, { scope: scopeWith({ ipv4: false, ipv6: true }) }, ['::_8000']],
    ['reserved ports of the wildcard address', 'HTTP', {}, { number: 15001 }, []],
    ['are free on other addresses', 'TCP', {}, { number: 15090 }, ['10.0.0.1_15090']],
  ])('%s', (_, protocol, more, input, expected) => {
    expect(keys(protocol, more, input)).toEqual(expected);
  });

  describe('of headless services', () => {
    const pods = { endpointAddresses: ['10.1.1.1', '10.1.1.2', '10.1.1.3', 'pod.example', '10.1.1.2'] };

    it('are one per pod, without the workload itself and names', () => {
      expect(keys('TCP', headless, pods)).toEqual(['10.1.1.2_8000', '10.1.1.3_8000']);
      expect(keys('Auto', headless, pods)).toEqual(['10.1.1.2_8000', '10.1.1.3_8000']);
      expect(keys('HTTP', headless, pods)).toEqual(['0.0.0.0_8000']);
      expect(keys('TCP', headless)).toEqual([]);
    });

    it('are chains of one listener with the flag, for what is surely TCP', () => {
      const settings = settingsWith({}, { PILOT_ENABLE_HEADLESS_FILTER_CHAIN_LISTENER: true });
      expect(keys('TLS', headless, { ...pods, settings })).toEqual(['0.0.0.0_8000 [10.1.1.2] pod', '0.0.0.0_8000 [10.1.1.3] pod']);
      expect(keys('Auto', headless, { ...pods, settings })).toEqual(['10.1.1.2_8000', '10.1.1.3_8000']);
    });

    it('take the whole port where a ServiceEntry has nothing to choose from', () => {
      expect(keys('TCP', { ...headless, ...external })).toEqual(['0.0.0.0_8000']);
      expect(keys('TCP', { ...headless, ...external, selector: { app: 'db' } })).toEqual([]);
      expect(keys('TCP', { ...headless, ...external }, pods)).toEqual(['10.1.1.2_8000', '10.1.1.3_8000']);
    });
  });

  describe('of egress listeners', () => {
    const hosts = ['*/*'];

    it('with interception NONE are real listeners on loopback', () => {
      const none = { scope: scopeWith({ interception: 'NONE' }) };
      expect(keys('HTTP', {}, none)).toEqual(['127.0.0.1_8000*']);
      expect(keys('TCP', {}, none)).toEqual(['127.0.0.1_8000*']);
      expect(keys('TCP', headless, { ...none, endpointAddresses: ['10.1.1.2'] })).toEqual(['127.0.0.1_8000*']);
      const unprivileged = { scope: scopeWith({ interception: 'NONE', isUnprivileged: true }) };
      expect(keys('HTTP', {}, { ...unprivileged, number: 80 })).toEqual([]);
      expect(keys('HTTP', {}, { ...none, number: 80 })).toEqual(['127.0.0.1_80*']);
    });

    it('bind where the Sidecar says', () => {
      expect(keys('TCP', {}, { egress: { hosts, bind: '127.0.0.2' } })).toEqual(['127.0.0.2_8000']);
      expect(keys('TCP', {}, { egress: { hosts, captureMode: 'NONE' } })).toEqual(['127.0.0.1_8000*']);
      expect(keys('TCP', {}, { egress: { hosts, captureMode: 'NONE', bind: '127.0.0.9' } })).toEqual(['127.0.0.9_8000*']);
    });

    it('with a port take its number and protocol, whatever the service says', () => {
      const port = { number: 7777, protocol: 'HTTP', name: 'http' };
      expect(keys('TCP', {}, { egress: { hosts, port } })).toEqual(['0.0.0.0_7777']);
      const socket = { hosts, bind: 'unix:///tmp/s', port: { protocol: 'TCP' } };
      expect(keys('HTTP', {}, { egress: socket })).toEqual(['unix:///tmp/s_0*']);
    });
  });
});
