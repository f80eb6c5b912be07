import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const selector = { matchLabels: { app: 'a' } };
const pa = (spec: object) => issuesOf('PeerAuthentication', spec);

describe('PeerAuthentication', () => {
  it('accepts modes for meshes, namespaces, workloads and ports', () => {
    expect(pa({ mtls: { mode: 'STRICT' } })).toEqual([]);
    expect(pa({ selector, portLevelMtls: { 8080: { mode: 'DISABLE' } } })).toEqual([]);
  });

  it.each([
    [{ selector, portLevelMtls: { 0: {} } }, 'error spec.portLevelMtls.0: must be a port from 1 to 65535, not "0"'],
    [{ selector, portLevelMtls: { http: {} } }, 'error spec.portLevelMtls.http: must be a port from 1 to 65535, not "http"'],
    [{ selector, portLevelMtls: {} }, 'error spec.portLevelMtls: must have at least 1 entry'],
    [{ portLevelMtls: { 80: {} } }, 'error spec.portLevelMtls: needs a selector with labels: a whole namespace or mesh has no ports'],
    [{ selector: { matchLabels: { '': 'x' } } }, 'error spec.selector.matchLabels: must not have an empty key'],
    [{ selector: {} }, 'warning spec.selector: has no labels and selects every workload of the namespace'],
    [
      { mtls: { mode: 'strict' } },
      'error spec.mtls.mode: must be one of UNSET, DISABLE, PERMISSIVE, STRICT, not the text "strict" (did you mean "STRICT"?)',
    ],
  ])('%j', (spec, expected) => {
    expect(pa(spec)).toEqual([expected]);
  });
});
