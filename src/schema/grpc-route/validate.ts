/** Rules on a GRPCRoute beyond its structure, after the CEL rules of its CRD. */

import type { ConfigObject } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { Path } from '../field/parse-context.ts';
import { checkBackendPort, checkFilter, checkSessionPersistence } from '../parts/gateway-api-checks.ts';
import { Report } from '../report.ts';
import type { GrpcMethodMatch, GrpcRoute } from './grpc-route.ts';

export function validateGrpcRoute(object: ConfigObject<GrpcRoute>): readonly Issue[] {
  const report = new Report();
  for (const [i, rule] of (object.spec.rules ?? []).entries()) {
    const path = ['spec', 'rules', i];
    for (const [j, { method }] of (rule.matches ?? []).entries())
      if (method) checkMethod(method, [...path, 'matches', j, 'method'], report);
    for (const [j, filter] of (rule.filters ?? []).entries()) checkFilter(filter, [...path, 'filters', j], report);
    for (const [j, ref] of (rule.backendRefs ?? []).entries()) {
      checkBackendPort(ref, [...path, 'backendRefs', j], report);
      for (const [k, filter] of (ref.filters ?? []).entries()) checkFilter(filter, [...path, 'backendRefs', j, 'filters', k], report);
    }
    checkSessionPersistence(rule.sessionPersistence, [...path, 'sessionPersistence'], report);
  }
  return report.issues;
}

function checkMethod({ type = 'Exact', service, method }: GrpcMethodMatch, path: Path, report: Report): void {
  if (service === undefined && method === undefined) report.error(path, 'must have a service or a method');
  if (type !== 'Exact') return;
  if (service !== undefined && !/^\.?[a-z_][a-z_0-9]*(\.[a-z_][a-z_0-9]*)*$/i.test(service))
    report.error([...path, 'service'], 'must be the name of a gRPC service');
  if (method !== undefined && !/^[A-Za-z_][A-Za-z_0-9]*$/.test(method))
    report.error([...path, 'method'], 'must be the name of a gRPC method');
}
