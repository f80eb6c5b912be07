/** RequestAuthentication: which JSON Web Tokens a workload accepts. */

import { list, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, string } from '../field/scalars.ts';
import { atMostOne, selectorOrTargets } from '../parts/cel-rules.ts';
import { strictHeaderName } from '../parts/name-checks.ts';
import { policyTargetReference } from '../parts/policy-target-reference.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

const jwtHeader = object({
  name: string({ minLength: 1, required: true }),
  prefix: string(),
});
export type JwtHeader = Infer<typeof jwtHeader>;

const claimToHeader = object({
  header: string({ minLength: 1, check: strictHeaderName, required: true }),
  claim: string({ minLength: 1, required: true }),
});
export type ClaimToHeader = Infer<typeof claimToHeader>;

const jwtRule = withRules(
  object({
    issuer: string({ minLength: 1 }),
    audiences: list(string({ minLength: 1 })),
    jwksUri: withRules(string({ minLength: 1, maxLength: 2048 }), [
      { rule: 'isURL(self) && url(self).getScheme() in ["http", "https"]', message: 'url must have scheme http:// or https://' },
    ]),
    jwks: string(),
    fromHeaders: list(jwtHeader),
    fromParams: list(string({ minLength: 1 })),
    outputPayloadToHeader: string(),
    fromCookies: list(string({ minLength: 1 })),
    forwardOriginalToken: bool(),
    outputClaimToHeaders: list(claimToHeader),
    timeout: duration({ minMs: 1 }),
    presence: choice(['OPTIONAL', 'REQUIRED']),
    spaceDelimitedClaims: list(string({ minLength: 1 }), { maxItems: 64 }),
  }),
  [atMostOne(['jwksUri', 'jwks'], 'only one of jwks or jwksUri can be set')],
);
export type JwtRule = Infer<typeof jwtRule>;

export const requestAuthentication = withRules(
  object({
    selector: workloadSelector,
    targetRef: policyTargetReference,
    targetRefs: list(policyTargetReference, { maxItems: 16 }),
    jwtRules: list(jwtRule, { maxItems: 4096 }),
  }),
  [selectorOrTargets],
);
export type RequestAuthentication = Infer<typeof requestAuthentication>;
