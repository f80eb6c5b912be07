import type { MapCell } from '../../incremental/cell.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';

/** No name hides in the first. */
export type ViewLayers = readonly [own: MapCell<EncodedResource>, shared: MapCell<EncodedResource>];

/** One type of resource that is served, with how a proxy's view of it is chosen. */
export interface ViewKind {
  readonly typeUrl: string;
  /** Undefined: proxies of this kind are not served this type. */
  readonly choose: (scopes: ProxyScopes) => MapCell<EncodedResource> | undefined;
  /** What of the view is the proxy's own and what it shares with others, where it is just these two. */
  readonly layers?: (view: MapCell<EncodedResource>) => ViewLayers | undefined;
  /** The answer for a name that does not exist, where Envoy would wait for one; scopes with one view have one answer. */
  readonly absent?: (name: string, scopes: ProxyScopes) => EncodedResource | undefined;
}
