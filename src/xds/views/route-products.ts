import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { scopeKey } from '../../mesh/scope.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import type { TableEncoder } from './table-encoder.ts';
import { isTakenApart, type VirtualHostEncoder, virtualHostResourceName } from './virtual-host-encoder.ts';

/** The forms in which clients of a scope are sent their route tables. */
export interface RouteProducts<S> {
  /** Tables with all their virtual hosts: for the state of the world, gRPC and old Envoys. */
  readonly whole: (scope: S) => MapCell<EncodedResource>;
  /** Tables whose virtual hosts are sent by themselves, and sniffed ones whole. */
  readonly frames: (scope: S) => MapCell<EncodedResource>;
  /** What `frames` lacks, by `<table>/<virtual host>`. */
  readonly virtualHosts: (scope: S) => MapCell<EncodedResource>;
}

export interface RouteEncoders {
  readonly tables: TableEncoder;
  readonly hosts: VirtualHostEncoder;
}

/** All forms of tables that were built as a whole: the last step, after which nothing looks at a virtual host any more. */
export function routeProducts<S extends object>(
  engine: Engine,
  { tables, hosts }: RouteEncoders,
  views: (scope: S) => MapCell<RouteConfiguration>,
): RouteProducts<S> {
  const of = (key: string) => views(JSON.parse(key) as S);
  const whole = engine.mapFamily((key) => engine.mapValues(of(key), (table) => tables.encode(table), sameResource));
  const frames = engine.mapFamily((key) =>
    engine.mapValues(of(key), (table, name) => (isTakenApart(name) ? hosts.frame(table) : tables.encode(table)), sameResource),
  );
  const virtualHosts = engine.mapFamily((key) =>
    engine.flatMap(
      of(key),
      (table, name) =>
        isTakenApart(name)
          ? (table.virtual_hosts ?? []).map((host) => [virtualHostResourceName(name, host), hosts.host(name, host)] as const)
          : [],
      sameResource,
    ),
  );
  return {
    whole: (scope) => whole(scopeKey(scope)),
    frames: (scope) => frames(scopeKey(scope)),
    virtualHosts: (scope) => virtualHosts(scopeKey(scope)),
  };
}
