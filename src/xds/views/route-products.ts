import type { RouteConfiguration } from '../../envoy/generated/envoy/config/route/v3/RouteConfiguration.ts';
import type { VirtualHost } from '../../envoy/generated/envoy/config/route/v3/VirtualHost.ts';
import type { MapCell } from '../../incremental/cell.ts';
import type { Engine } from '../../incremental/engine.ts';
import { scopeKey } from '../../mesh/scope.ts';
import { type EncodedResource, sameResource } from './encoded-resource.ts';
import type { TableEncoder } from './table-encoder.ts';
import { isTakenApart, nowhere, type VirtualHostEncoder, virtualHostResourceName } from './virtual-host-encoder.ts';

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
  /** Which patches made a table or a virtual host what it is. */
  readonly patchedBy?: (message: object) => EncodedResource['patchedBy'];
  readonly tables: TableEncoder;
  readonly hosts: VirtualHostEncoder;
}

/** All forms of tables that were built as a whole: the last step, after which nothing looks at a virtual host any more. */
export function routeProducts<S extends object>(
  engine: Engine,
  { tables, hosts, patchedBy = () => undefined }: RouteEncoders,
  views: (scope: S) => MapCell<RouteConfiguration>,
): RouteProducts<S> {
  const marked = (resource: EncodedResource, message: object): EncodedResource => {
    const patches = patchedBy(message);
    return patches === undefined ? resource : { ...resource, patchedBy: patches };
  };
  const of = (key: string) => views(JSON.parse(key) as S);
  const whole = engine.mapFamily((key) => engine.mapValues(of(key), (table) => marked(tables.encode(table), table), sameResource));
  const frames = engine.mapFamily((key) =>
    engine.mapValues(of(key), (table, name) => marked(isTakenApart(name) ? hosts.frame(table) : tables.encode(table), table), sameResource),
  );
  const virtualHosts = engine.mapFamily((key) =>
    engine.flatMap(
      of(key),
      (table, name) =>
        isTakenApart(name)
          ? hostsOf(table).map((host) => [virtualHostResourceName(name, host), marked(hosts.host(name, host), host)] as const)
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

/** Envoy waits for a first virtual host before it opens a listener: a table from which patches took all has one that nobody asks for. */
function hostsOf({ virtual_hosts: hosts = [] }: RouteConfiguration): readonly VirtualHost[] {
  return hosts.length > 0 ? hosts : [{ name: 'absent', domains: [nowhere] }];
}
