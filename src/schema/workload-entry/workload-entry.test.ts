import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const we = (spec: object) => issuesOf('WorkloadEntry', spec);

describe('WorkloadEntry', () => {
  it.each([[{ address: 'vm.example.com' }], [{ address: '::1', ports: { http: 80 } }], [{ address: 'unix://@abstract' }]])(
    'accepts %j',
    (spec) => {
      expect(we(spec)).toEqual([]);
    },
  );

  it.each([
    [{}, 'error spec.address: is required'],
    [{ address: 'a_b' }, 'error spec.address: must be an IP address or a host name, not "a_b"'],
    [{ address: 'unix:///a/' }, 'error spec.address: must be the absolute path of a socket file'],
    [{ address: 'unix://@a/' }, 'error spec.address: must be a file, not a directory'],
    [{ address: 'unix:///a', ports: { x: 1 } }, 'error spec.ports: is not possible with a unix domain socket'],
    [{ address: '1.1.1.1', ports: { a_b: 1 } }, 'error spec.ports.a_b: must be the name of a port: letters, digits and "-", at most 62'],
    [{ address: '1.1.1.1', ports: { a: 65536 } }, 'error spec.ports.a: must be at most 65535, not 65536'],
    [{ address: '1.1.1.1', labels: { a: 'b c' } }, 'error spec.labels.a: must be a label value: letters, digits, "-", "_" and "."'],
  ])('%j', (spec, expected) => {
    expect(we(spec)).toEqual([expected]);
  });
});
