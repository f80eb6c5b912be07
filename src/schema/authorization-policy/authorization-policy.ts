/** AuthorizationPolicy: who may do what. */

import { list, object, withRules } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, string } from '../field/scalars.ts';
import { selectorOrTargets } from '../parts/cel-rules.ts';
import { policyTargetReference } from '../parts/policy-target-reference.ts';
import { workloadSelector } from '../parts/workload-selector.ts';

const authorizationSource = withRules(
  object({
    principals: list(string()),
    notPrincipals: list(string()),
    requestPrincipals: list(string()),
    notRequestPrincipals: list(string()),
    namespaces: list(string()),
    notNamespaces: list(string()),
    serviceAccounts: list(string({ maxLength: 320 }), { maxItems: 16 }),
    notServiceAccounts: list(string({ maxLength: 320 }), { maxItems: 16 }),
    ipBlocks: list(string()),
    notIpBlocks: list(string()),
    remoteIpBlocks: list(string()),
    notRemoteIpBlocks: list(string()),
    trustDomains: list(string()),
    notTrustDomains: list(string()),
  }),
  [
    {
      rule: '!(has(self.serviceAccounts) || has(self.notServiceAccounts)) || !(has(self.principals) || has(self.notPrincipals) || has(self.namespaces) || has(self.notNamespaces))',
      message: 'Cannot set serviceAccounts with namespaces or principals',
    },
  ],
);
export type AuthorizationSource = Infer<typeof authorizationSource>;

const authorizationFrom = object({
  source: authorizationSource,
});
export type AuthorizationFrom = Infer<typeof authorizationFrom>;

const authorizationOperation = object({
  hosts: list(string()),
  notHosts: list(string()),
  ports: list(string()),
  notPorts: list(string()),
  methods: list(string()),
  notMethods: list(string()),
  paths: list(string()),
  notPaths: list(string()),
});
export type AuthorizationOperation = Infer<typeof authorizationOperation>;

const authorizationTo = object({
  operation: authorizationOperation,
});
export type AuthorizationTo = Infer<typeof authorizationTo>;

const authorizationCondition = object({
  key: string({ required: true }),
  values: list(string()),
  notValues: list(string()),
});
export type AuthorizationCondition = Infer<typeof authorizationCondition>;

const authorizationRule = object({
  from: list(authorizationFrom, { maxItems: 512 }),
  to: list(authorizationTo),
  when: list(authorizationCondition),
});
export type AuthorizationRule = Infer<typeof authorizationRule>;

const authorizationProvider = object({
  name: string(),
});
export type AuthorizationProvider = Infer<typeof authorizationProvider>;

export const authorizationPolicy = withRules(
  object({
    selector: workloadSelector,
    targetRef: policyTargetReference,
    targetRefs: list(policyTargetReference, { maxItems: 16 }),
    rules: list(authorizationRule, { maxItems: 512 }),
    action: choice(['ALLOW', 'DENY', 'AUDIT', 'CUSTOM']),
    provider: authorizationProvider,
  }),
  [selectorOrTargets],
);
export type AuthorizationPolicy = Infer<typeof authorizationPolicy>;
