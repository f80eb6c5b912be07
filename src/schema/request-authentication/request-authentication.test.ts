import { describe, expect, it } from 'vitest';
import { issuesOf } from '../issues-of.ts';

const ra = (jwtRule: object) => issuesOf('RequestAuthentication', { jwtRules: [jwtRule] });
const publicKeys = JSON.stringify({ keys: [{ kty: 'RSA', n: 'x', e: 'AQAB' }] });
const privateKeys = JSON.stringify({ keys: [{ kty: 'RSA', n: 'x', e: 'AQAB', d: 'secret' }] });

describe('RequestAuthentication', () => {
  it('accepts rules and selectors', () => {
    expect(
      ra({
        issuer: 'a',
        jwksUri: 'https://a/keys',
        fromHeaders: [{ name: 'x', prefix: 'Bearer ' }],
        outputClaimToHeaders: [{ header: 'x-a', claim: 'a' }],
      }),
    ).toEqual([]);
    expect(ra({ issuer: 'a', jwks: publicKeys, presence: 'REQUIRED' })).toEqual([]);
    expect(ra({ issuer: 'a', jwks_uri: 'http://a' })).toEqual([]);
    expect(issuesOf('RequestAuthentication', { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'g' }] })).toEqual(
      [],
    );
  });

  it.each([
    [ra({}), 'error spec.jwtRules[0]: must have an issuer or a jwksUri'],
    [ra({ issuer: 'a', jwksUri: 'ftp://a' }), 'error spec.jwtRules[0].jwksUri: must be a URL with http:// or https://'],
    [ra({ issuer: 'a', jwksUri: 'https://a', jwks: publicKeys }), 'error spec.jwtRules[0]: may have only one of jwks and jwksUri'],
    [ra({ issuer: 'a', jwks: '{' }), 'error spec.jwtRules[0].jwks: must be a JSON Web Key Set: {"keys": [...]}, each key with a "kty"'],
    [
      ra({ issuer: 'a', jwks: privateKeys }),
      'warning spec.jwtRules[0].jwks: has private key material in key 0; only public keys are needed',
    ],
    [ra({ issuer: 'a', fromParams: [''] }), 'error spec.jwtRules[0].fromParams[0]: must not be empty'],
    [
      ra({ issuer: 'a', outputClaimToHeaders: [{ header: 'a:b', claim: 'c' }] }),
      'error spec.jwtRules[0].outputClaimToHeaders[0].header: must be a header name of letters, digits, "-" and "_"',
    ],
    [ra({ issuer: 'a', presence: 'MUST' }), 'error spec.jwtRules[0].presence: must be one of OPTIONAL, REQUIRED, not the text "MUST"'],
  ])('%j', (issues, expected) => {
    expect(issues).toEqual([expected]);
  });
});
