import { describe, expect, it } from 'vitest';
import { parseObject } from '../parse-object.ts';

function parse(...registries: readonly object[]) {
  return parseObject({ apiVersion: 'coxswain.io/v1alpha1', kind: 'MeshRegistries', metadata: { name: 'mesh' }, spec: { registries } });
}

function problems(...registries: readonly object[]): readonly string[] {
  return parse(...registries).issues.map(({ severity, path, message }) => `${severity} ${path?.slice(3).join('.')} ${message}`);
}

const consul = { address: '10.0.0.1:8500' };

describe('MeshRegistries', () => {
  it('are of the whole mesh', () => {
    const whole = { id: 'dc1', consul: { ...consul, tokenFile: '/t', wait: '1m', allUnhealthy: 'keep', tagHosts: true } };
    expect(parse(whole, { consul: { address: 'https://[::1]:8501', datacenter: 'dc2', caFile: '/ca' } })).toMatchObject({
      issues: [],
      object: { kind: 'MeshRegistries', namespace: '', spec: { registries: [whole, {}] } },
    });
  });

  it('name what is wrong', () => {
    expect(problems({ id: 'a' })).toEqual([expect.stringContaining('consul')]);
    expect(problems({ consul }, { consul })).toEqual([expect.stringContaining('as of another registry')]);
    expect(problems({ id: 'kubernetes', consul })).toEqual([expect.stringContaining('must not be')]);
    expect(problems({ consul: { ...consul, certFile: '/c' } })).toEqual([
      'error consul.keyFile is required: a certificate and its key go together',
    ]);
    expect(problems({ consul: { address: 'http://a:1', caFile: '/c' } })).toEqual([expect.stringContaining('must begin with https://')]);
    expect(problems({ consul: { address: 'ftp://a:1' } })).toEqual([expect.stringContaining('must begin with http:// or https://')]);
    expect(problems({ consul: { address: 'a:0' } })).toEqual([expect.stringContaining('between 1 and 65535')]);
    expect(problems({ consul: { address: 'http://user@a' } })).toEqual([expect.stringContaining('credentials')]);
    expect(problems({ consul: { ...consul, protocol: 'htp' } })).toEqual([expect.stringContaining('must be a protocol')]);
    expect(problems({ consul: { ...consul, maxStale: '1s' } })).toEqual([expect.stringContaining('warning consul.maxStale')]);
    expect(problems({ consul: { ...consul, wait: '10m' } })).toEqual([expect.stringContaining('warning consul.wait')]);
    expect(problems({ consul: { ...consul, maxWatches: 500 } })).toEqual([expect.stringContaining('warning consul.maxWatches')]);
  });

  it('may say more of hosts that several registries know', () => {
    const parsed = (...merge: readonly object[]) => {
      const spec = { registries: [], merge };
      return parseObject({ apiVersion: 'coxswain.io/v1alpha1', kind: 'MeshRegistries', metadata: { name: 'mesh' }, spec });
    };
    const say = (...merge: readonly object[]) =>
      parsed(...merge).issues.map(({ severity, path, message }) => `${severity} ${path?.slice(2).join('.')} ${message}`);
    const web = { host: 'web.shop.svc.cluster.local', namespace: 'shop' };
    const joined = { ...web, mode: 'priority', with: [{ host: 'web.service.consul', namespace: 'consul' }] };
    expect(parsed(joined)).toMatchObject({ issues: [], object: { spec: { merge: [joined] } } });
    expect(say(web)).toEqual([expect.stringContaining('warning 0 has no effect')]);
    expect(say(joined, { ...web, mode: 'exclusive' })).toEqual([expect.stringContaining('error 1.host is "web.shop.svc.cluster.local"')]);
    expect(say({ ...joined, with: [web] })).toEqual(['error 0.with.0 is the host itself']);
    expect(say({ ...joined, mode: 'first' })).toEqual([expect.stringContaining('error 0.mode')]);
    expect(say({ ...joined, namespace: 'Shop' })).toEqual([expect.stringContaining('error 0.namespace')]);
  });
});
