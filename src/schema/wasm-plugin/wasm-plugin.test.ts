import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const wp = (fields: object) => issuesOf('WasmPlugin', { url: 'oci://a/b:v1', ...fields });

describe('WasmPlugin', () => {
  it.each(['oci://r.io/a:v1', 'http://a:8080/x.wasm', 'file:///opt/x.wasm', 'r.io:443/a@sha256:00'])('accepts the url %s', (url) => {
    expect(wp({ url })).toEqual([]);
  });

  it.each([
    [wp({ url: 'ftp://a' }), 'error spec.url: must have one of the schemes http, https, file, oci, not ftp'],
    [wp({ url: 'a b' }), 'error spec.url: must be a URL, not "a b"'],
    [wp({ url: '' }), 'error spec.url: must not be empty'],
    [wp({ sha256: 'F00' }), 'error spec.sha256: must be 64 lower-case hexadecimal digits'],
    [wp({ match: [{ ports: [{ number: 0 }] }] }), 'error spec.match[0].ports[0].number: must be at least 1, not 0'],
    [wp({ vmConfig: { env: [{ name: 'a' }, { name: 'a' }] } }), 'error spec.vmConfig.env[1].name: repeats "a"'],
    [
      wp({ vmConfig: { env: [{ name: 'a', valueFrom: 'HOST', value: 'b' }] } }),
      'error spec.vmConfig.env[0].value: is possible with valueFrom INLINE only, not HOST',
    ],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
