import type { EnvoyProtos } from '../../envoy/protos.ts';
import type { ExplainWorld } from '../../explain/explain-world.ts';
import type { Cell, MapCell } from '../../incremental/cell.ts';
import type { ListWatchStatus } from '../../kubernetes/list-watch/list-watch-status.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { Issue } from '../../model/issue.ts';
import type { NetworkGateway } from '../../model/network-gateway.ts';
import type { Service } from '../../model/service.ts';
import type { MergeConflict } from '../../registry/merge/merge-conflicts.ts';
import type { RegistryStatus } from '../../registry/registry-status.ts';
import type { Kind } from '../../schema/kind.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import type { ClusterSummary } from './clusterz.ts';

/** What the pages under `/debug` look at. */
export interface DebugContext {
  /** Connected proxies by `name.namespace`, then oldest stream first. */
  readonly proxies: () => readonly ConnectedProxy[];
  readonly services: MapCell<Service>;
  /** By `namespace/hostname`. */
  readonly endpoints: MapCell<readonly Endpoint[]>;
  readonly kinds: readonly Kind[];
  readonly table: (kind: string) => MapCell<ConfigObject>;
  readonly issues: Cell<readonly Issue[]>;
  /** The state of each registry, strongest first. */
  readonly registries: () => readonly RegistryStatus[];
  /** What registries disagree about. */
  readonly conflicts: Cell<readonly MergeConflict[]>;
  readonly healthDisagreements: () => number;
  readonly meshConfig: Cell<object>;
  /** How the watches of an API server are; none without one. */
  readonly watches: () => readonly ListWatchStatus[];
  /** The cluster that we belong to first. */
  readonly clusters: () => readonly ClusterSummary[];
  readonly networkGateways: Cell<readonly NetworkGateway[]>;
  /** The mesh as explanations of requests see it. */
  readonly explainable: () => ExplainWorld;
  readonly protos: Pick<EnvoyProtos, 'decodeAny' | 'toJson'>;
}
