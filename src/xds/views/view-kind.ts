import type { MapCell } from '../../incremental/cell.ts';
import type { ProxyScopes } from '../node/proxy-scopes.ts';
import type { EncodedResource } from './encoded-resource.ts';

/** One type of resource that is served, with how a proxy's view of it is chosen. */
export interface ViewKind {
  readonly typeUrl: string;
  /** Undefined: proxies of this kind are not served this type. */
  readonly choose: (scopes: ProxyScopes) => MapCell<EncodedResource> | undefined;
  /** The answer for a name that does not exist, where Envoy would wait for one; scopes with one view have one answer. */
  readonly absent?: (name: string, scopes: ProxyScopes) => EncodedResource | undefined;
}
