/** Rules on what an HTTP rule of a VirtualService does: redirect, answer, rewrite, CORS, faults. */

import { parseDurationMs } from '../../lib/duration.ts';
import type { Path } from '../field/parse-context.ts';
import { wrongCorsHeader } from '../parts/header-checks.ts';
import { wrongPort } from '../parts/host-checks.ts';
import { checkStringMatch, wrongRegex } from '../parts/string-match-checks.ts';
import type { Report } from '../report.ts';
import type { CorsPolicy, HttpDirectResponse, HttpRedirect, HttpRewrite } from './http-actions.ts';
import type { HttpFault, Percent } from './http-fault.ts';
import type { HttpMatch } from './http-match.ts';

export function checkRedirect(redirect: HttpRedirect, matches: readonly HttpMatch[], path: Path, report: Report): void {
  const { uri, prefixRewrite, authority, scheme, port, derivePort, redirectCode } = redirect;
  if (uri && prefixRewrite) report.error(path, 'may have only one of uri and prefixRewrite');
  if (prefixRewrite && matches.some((match) => match.uri && match.uri.prefix === undefined)) {
    report.error([...path, 'prefixRewrite'], 'needs every uri match of the rule to be a prefix');
  }
  if (!uri && !prefixRewrite && !authority && !scheme && port === undefined && derivePort === undefined) {
    report.error(path, 'must have a uri, prefixRewrite, authority, scheme or port');
  }
  if (redirectCode && (redirectCode < 300 || redirectCode > 399))
    report.error([...path, 'redirectCode'], 'must be a status from 300 to 399');
  if (scheme && scheme !== 'http' && scheme !== 'https') report.error([...path, 'scheme'], 'must be http or https');
  if (port && wrongPort(port) !== undefined) report.error([...path, 'port'], wrongPort(port)!);
}

const megabyte = 1024 * 1024;

export function checkDirectResponse(response: HttpDirectResponse, path: Path, report: Report): void {
  const { status, body } = response;
  const size = body?.bytes === undefined ? new TextEncoder().encode(body?.string ?? '').length : Math.floor((body.bytes.length * 3) / 4);
  if (size > megabyte) report.error([...path, 'body'], 'must be smaller than 1 MB');
  else if (size > megabyte / 10) report.warn([...path, 'body'], 'is large; every proxy holds it in memory');
  if (status < 200 || status > 600) report.error([...path, 'status'], `must be an HTTP status from 200 to 599, not ${status}`);
}

export function checkRewrite(rewrite: HttpRewrite, path: Path, report: Report): void {
  const { uri, uriRegexRewrite: regex, authority } = rewrite;
  if (uri && regex) report.error(path, 'may have only one of uri and uriRegexRewrite');
  if (!uri && !regex && !authority) report.error(path, 'must have a uri, uriRegexRewrite or authority');
  if (!regex) return;
  if (!regex.match || !regex.rewrite) report.error([...path, 'uriRegexRewrite'], 'must have both match and rewrite');
  const wrong = regex.match ? wrongRegex(regex.match) : undefined;
  if (wrong !== undefined) report.error([...path, 'uriRegexRewrite', 'match'], wrong);
}

const corsMethods: readonly string[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE', '*'];

export function checkCors(policy: CorsPolicy, path: Path, report: Report): void {
  for (const [i, origin] of (policy.allowOrigins ?? []).entries()) {
    const at = [...path, 'allowOrigins', i];
    if (!origin.exact && !origin.prefix && !origin.regex) report.error(at, 'must have an exact, prefix or regex that is not empty');
    else checkStringMatch(origin, at, report);
  }
  for (const [i, method] of (policy.allowMethods ?? []).entries()) {
    if (!corsMethods.includes(method)) report.error([...path, 'allowMethods', i], `must be one of ${corsMethods.join(', ')}`);
  }
  for (const part of ['allowHeaders', 'exposeHeaders'] as const) {
    for (const [i, name] of (policy[part] ?? []).entries()) {
      const wrong = wrongCorsHeader(name);
      if (wrong !== undefined) report.error([...path, part, i], wrong);
    }
  }
  if (policy.maxAge !== undefined && (parseDurationMs(policy.maxAge) ?? 0) % 1000 !== 0)
    report.error([...path, 'maxAge'], 'must be whole seconds');
}

/** Names of gRPC status codes (https://github.com/grpc/grpc/blob/master/doc/statuscodes.md). */
const grpcStatuses: readonly string[] = [
  'OK',
  'CANCELLED',
  'UNKNOWN',
  'INVALID_ARGUMENT',
  'DEADLINE_EXCEEDED',
  'NOT_FOUND',
  'ALREADY_EXISTS',
  'PERMISSION_DENIED',
  'RESOURCE_EXHAUSTED',
  'FAILED_PRECONDITION',
  'ABORTED',
  'OUT_OF_RANGE',
  'UNIMPLEMENTED',
  'INTERNAL',
  'UNAVAILABLE',
  'DATA_LOSS',
  'UNAUTHENTICATED',
];

export function checkFault(fault: HttpFault, path: Path, report: Report): void {
  const { abort, delay } = fault;
  if (!abort && !delay) report.error(path, 'must have an abort, a delay or both');
  if (abort) {
    const at = [...path, 'abort'];
    checkFaultPercentage(abort.percentage, [...at, 'percentage'], report);
    const { httpStatus, grpcStatus, http2Error } = abort;
    if (http2Error !== undefined) report.error([...at, 'http2Error'], 'is not supported');
    if (httpStatus !== undefined && (httpStatus < 200 || httpStatus > 600)) {
      report.error([...at, 'httpStatus'], `must be an HTTP status from 200 to 599, not ${httpStatus}`);
    }
    if (grpcStatus !== undefined && !grpcStatuses.includes(grpcStatus))
      report.error([...at, 'grpcStatus'], 'must be the name of a gRPC status, such as NOT_FOUND');
    if (httpStatus === undefined && grpcStatus === undefined && http2Error === undefined)
      report.warn(at, 'aborts nothing without httpStatus or grpcStatus');
  }
  if (delay) {
    checkFaultPercentage(delay.percentage, [...path, 'delay', 'percentage'], report);
    if (delay.exponentialDelay !== undefined) report.error([...path, 'delay', 'exponentialDelay'], 'is not supported');
  }
}

function checkFaultPercentage(percentage: Percent | undefined, path: Path, report: Report): void {
  const value = percentage?.value ?? 0;
  if (value < 0 || value > 100 || (value > 0 && value < 0.0001)) report.error(path, `must be 0 or from 0.0001 to 100, not ${value}`);
}

/** The share of mirrored requests, which unlike faults has no smallest step. */
export function checkMirrorPercentage(percentage: Percent | undefined, path: Path, report: Report): void {
  const value = percentage?.value ?? 0;
  if (value < 0 || value > 100) report.error(path, `must be from 0 to 100, not ${value}`);
}
