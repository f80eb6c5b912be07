import type { Route } from '../../envoy/generated/envoy/config/route/v3/Route.ts';
import type { RouteMatch } from '../../envoy/generated/envoy/config/route/v3/RouteMatch.ts';
import type { MetadataMatcher } from '../../envoy/generated/envoy/type/matcher/v3/MetadataMatcher.ts';
import { chanceOf } from '../chance.ts';
import { isGrpc } from '../http/http-request.ts';
import type { Condition } from './condition.ts';
import { headerCondition } from './header-condition.ts';
import { type PathCondition, pathCondition } from './path-condition.ts';
import { queryCondition } from './query-condition.ts';

/** A route with its conditions ready to be asked. */
export interface CompiledRoute {
  readonly route: Route;
  readonly index: number;
  readonly path: PathCondition;
  /** All of them, that on the path first: whoever reads a reason thinks of it first. */
  readonly conditions: readonly Condition[];
  /** How many of the requests that fulfil everything are taken, 0 to 1. */
  readonly share: number;
}

export function compileRoute(route: Route, index: number, ignoresParameters: boolean): CompiledRoute {
  const match = route.match ?? {};
  const path = pathCondition(match, ignoresParameters);
  return {
    route,
    index,
    path,
    conditions: [
      path,
      ...(match.grpc ? [grpcCondition] : []),
      ...(match.headers ?? []).map(headerCondition),
      ...(match.query_parameters ?? []).map(queryCondition),
      ...tlsConditions(match),
      ...(match.dynamic_metadata ?? []).map(metadataCondition),
    ],
    share: match.runtime_fraction ? chanceOf(match.runtime_fraction.default_value) : 1,
  };
}

const grpcCondition: Condition = {
  holds: isGrpc,
  failure: () => 'content type: wants gRPC',
};

function tlsConditions({ tls_context: tls }: RouteMatch): readonly Condition[] {
  return [tls?.presented, tls?.validated].flatMap((wanted) =>
    wanted
      ? [
          {
            holds: ({ hasClientCertificate }) => hasClientCertificate === (wanted.value === true),
            failure: () => `client certificate: wants ${wanted.value === true ? 'one' : 'none'}`,
          } satisfies Condition,
        ]
      : [],
  );
}

function metadataCondition({ filter }: MetadataMatcher): Condition {
  return { holds: () => ({ doubt: `it depends on metadata that the filter ${filter} sets` }), failure: () => '' };
}
