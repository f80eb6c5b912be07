/** Rules on an AuthorizationPolicy beyond its structure, after Istio's ValidateAuthorizationPolicy. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../field/parse-context.ts';
import { checkPolicyAttachment } from '../parts/policy-attachment.ts';
import { Report } from '../report.ts';
import type { AuthorizationOperation, AuthorizationPolicy, AuthorizationRule, AuthorizationSource } from './authorization-policy.ts';
import {
  ruleOfCondition,
  wrongIfEmpty,
  wrongIp,
  wrongPath,
  wrongPortText,
  wrongServiceAccount,
  wrongTrustDomain,
} from './condition-checks.ts';

export function validateAuthorizationPolicy(object: ConfigObject<AuthorizationPolicy>): readonly Issue[] {
  const report = new Report();
  const { action = 'ALLOW', rules, provider } = object.spec;
  checkPolicyAttachment(object.spec, ['spec'], report);
  if (rules === undefined && (action === 'CUSTOM' || action === 'DENY')) {
    report.error(
      ['spec', 'rules'],
      `is required for ${action}, which nothing would trigger otherwise`,
      'an empty rule {} matches every request',
    );
  }
  if (action === 'CUSTOM' && !provider?.name) report.error(['spec', 'provider', 'name'], 'is required for CUSTOM');
  if (action !== 'CUSTOM' && provider) report.error(['spec', 'provider'], `is possible with CUSTOM only, not ${action}`);
  for (const [i, rule] of (rules ?? []).entries()) {
    const path = ['spec', 'rules', i];
    checkRule(rule, path, report);
    if (action === 'CUSTOM') checkSupportedByCustom(rule, path, report);
    if (action === 'DENY' && deniesAllTcp(rule)) {
      report.warn(path, 'denies all traffic to TCP ports, because it uses HTTP attributes only', 'name the ports it is for');
    }
  }
  return report.issues;
}

type WrongValue = (value: string) => string | undefined;

const sourceRules: Readonly<Record<keyof AuthorizationSource, WrongValue>> = {
  principals: wrongIfEmpty,
  notPrincipals: wrongIfEmpty,
  requestPrincipals: wrongIfEmpty,
  notRequestPrincipals: wrongIfEmpty,
  namespaces: wrongIfEmpty,
  notNamespaces: wrongIfEmpty,
  serviceAccounts: wrongServiceAccount,
  notServiceAccounts: wrongServiceAccount,
  ipBlocks: wrongIp,
  notIpBlocks: wrongIp,
  remoteIpBlocks: wrongIp,
  notRemoteIpBlocks: wrongIp,
  trustDomains: wrongTrustDomain,
  notTrustDomains: wrongTrustDomain,
};

const operationRules: Readonly<Record<keyof AuthorizationOperation, WrongValue>> = {
  hosts: wrongIfEmpty,
  notHosts: wrongIfEmpty,
  ports: wrongPortText,
  notPorts: wrongPortText,
  methods: wrongIfEmpty,
  notMethods: wrongIfEmpty,
  paths: wrongPath,
  notPaths: wrongPath,
};

function checkRule(rule: AuthorizationRule, path: Path, report: Report): void {
  if (rule.from?.length === 0) report.error([...path, 'from'], 'must not be empty');
  for (const [i, { source }] of (rule.from ?? []).entries()) {
    const at = [...path, 'from', i, 'source'];
    checkValues(source, sourceRules, at, report);
    if (source) checkServiceAccounts(source, at, report);
  }
  if (rule.to?.length === 0) report.error([...path, 'to'], 'must not be empty');
  for (const [i, { operation }] of (rule.to ?? []).entries())
    checkValues(operation, operationRules, [...path, 'to', i, 'operation'], report);
  for (const [i, condition] of (rule.when ?? []).entries()) checkCondition(condition, [...path, 'when', i], report);
}

/** A source or operation: it must be there, name something, and every value must fit its field. */
function checkValues<K extends string>(
  group: Readonly<Partial<Record<K, readonly string[]>>> | undefined,
  rules: Readonly<Record<K, WrongValue>>,
  path: Path,
  report: Report,
): void {
  if (!group) {
    report.error(path, 'is required');
    return;
  }
  let count = 0;
  for (const name of Object.keys(rules) as K[]) {
    const values: readonly string[] = group[name] ?? [];
    count += values.length;
    for (const [i, value] of values.entries()) {
      const wrong = rules[name](value);
      if (wrong !== undefined) report.error([...path, name, i], wrong);
    }
  }
  if (count === 0) report.error(path, 'must not be empty');
}

function checkServiceAccounts(source: AuthorizationSource, path: Path, report: Report): void {
  if (!source.serviceAccounts && !source.notServiceAccounts) return;
  const { principals, notPrincipals, namespaces, notNamespaces } = source;
  if (principals || notPrincipals || namespaces || notNamespaces) {
    report.error(path, 'may not have serviceAccounts beside principals or namespaces');
  }
}

function checkCondition(condition: NonNullable<AuthorizationRule['when']>[number], path: Path, report: Report): void {
  const { key, values = [], notValues = [] } = condition;
  if (key === '') {
    report.error([...path, 'key'], 'must not be empty');
    return;
  }
  if (values.length + notValues.length === 0) report.error(path, 'must have values or notValues');
  const rule = ruleOfCondition(key);
  if ('wrongKey' in rule) {
    report.error([...path, 'key'], rule.wrongKey);
    return;
  }
  for (const [name, list] of Object.entries({ values, notValues })) {
    for (const [i, value] of list.entries()) {
      const wrong = value === '' ? 'must not be empty' : rule.wrongValue(value);
      if (wrong !== undefined) report.error([...path, name, i], wrong);
    }
  }
}

const identityFields: readonly (keyof AuthorizationSource)[] = [
  'namespaces',
  'notNamespaces',
  'serviceAccounts',
  'notServiceAccounts',
  'trustDomains',
  'notTrustDomains',
  'principals',
  'notPrincipals',
  'requestPrincipals',
  'notRequestPrincipals',
];

const identityKeys: readonly string[] = ['source.namespace', 'source.serviceAccount', 'source.trustDomain', 'source.principal'];

/** The external authorizer is asked before the identity of the caller is known. */
function checkSupportedByCustom(rule: AuthorizationRule, path: Path, report: Report): void {
  for (const [i, { source }] of (rule.from ?? []).entries()) {
    for (const name of identityFields) {
      if (source?.[name]?.length) report.error([...path, 'from', i, 'source', name], 'is not supported with CUSTOM');
    }
  }
  for (const [i, { key }] of (rule.when ?? []).entries()) {
    const isUnsupported = identityKeys.includes(key) || key.startsWith('request.auth.');
    if (isUnsupported) report.error([...path, 'when', i, 'key'], `is not supported with CUSTOM: ${key}`);
  }
}

const tcpSourceFields: readonly (keyof AuthorizationSource)[] = [
  'principals',
  'notPrincipals',
  'ipBlocks',
  'notIpBlocks',
  'namespaces',
  'notNamespaces',
  'remoteIpBlocks',
  'notRemoteIpBlocks',
  'serviceAccounts',
  'notServiceAccounts',
];

/** On TCP ports HTTP attributes are unknown, and a DENY rule that has only those matches everything. */
function deniesAllTcp(rule: AuthorizationRule): boolean {
  const sources = (rule.from ?? []).flatMap(({ source }) => (source ? [source] : []));
  const operations = (rule.to ?? []).flatMap(({ operation }) => (operation ? [operation] : []));
  const hasTcpSource = sources.some((source) => tcpSourceFields.some((name) => source[name] !== undefined));
  const hasPorts = operations.some((operation) => operation.ports !== undefined || operation.notPorts !== undefined);
  if (operations.length > 0) return !hasPorts;
  return sources.length > 0 && !hasTcpSource;
}
