/** Rules on a RequestAuthentication beyond its structure, after Istio's ValidateRequestAuthentication. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import { isJsonObject } from '../field/free-json.ts';
import type { Path } from '../field/parse-context.ts';
import { checkMillisecondPrecision } from '../parts/duration-checks.ts';
import { checkPolicyAttachment } from '../parts/policy-attachment.ts';
import { Report } from '../report.ts';
import type { JwtRule, RequestAuthentication } from './request-authentication.ts';

export function validateRequestAuthentication(object: ConfigObject<RequestAuthentication>): readonly Issue[] {
  const report = new Report();
  checkPolicyAttachment(object.spec, ['spec'], report);
  for (const [i, rule] of (object.spec.jwtRules ?? []).entries()) checkRule(rule, ['spec', 'jwtRules', i], report);
  return report.issues;
}

function checkRule(rule: JwtRule, path: Path, report: Report): void {
  const { issuer, jwksUri, jwks, timeout } = rule;
  if (!issuer && !jwksUri) report.error(path, 'must have an issuer or a jwksUri');
  if (jwksUri !== undefined && jwks !== undefined) report.error(path, 'may have only one of jwks and jwksUri');
  if (jwksUri !== undefined && !isHttpUrl(jwksUri)) report.error([...path, 'jwksUri'], 'must be a URL with http:// or https://');
  if (jwks) checkJwks(jwks, [...path, 'jwks'], report);
  checkMillisecondPrecision(timeout, [...path, 'timeout'], report);
}

function isHttpUrl(text: string): boolean {
  return /^https?:\/\//i.test(text) && URL.canParse(text);
}

/** Members of a JSON Web Key that only its owner may know (RFC 7518); `k` is a shared secret. */
const privateMembers: readonly string[] = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

function checkJwks(jwks: string, path: Path, report: Report): void {
  const set = parseJson(jwks);
  const keys = isJsonObject(set) ? (Array.isArray(set['keys']) ? (set['keys'] as unknown[]) : [set]) : undefined;
  if (!keys?.every((key) => isJsonObject(key) && typeof key['kty'] === 'string')) {
    report.error(path, 'must be a JSON Web Key Set: {"keys": [...]}, each key with a "kty"');
    return;
  }
  for (const [i, key] of keys.entries()) {
    const isPrivate = isJsonObject(key) && privateMembers.some((name) => Object.hasOwn(key, name));
    if (isPrivate) report.warn(path, `has private key material in key ${i}; only public keys are needed`);
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
