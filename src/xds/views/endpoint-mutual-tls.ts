import type { Read } from '../../incremental/cell.ts';
import type { MutualTlsRefusal } from '../../mesh/cells/peer-authentications.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import type { EndpointInput } from '../endpoints/endpoint-input.ts';

/** Which of these endpoints refuse mutual TLS by PeerAuthentication; an input that says when assignments must be made anew. */
export function mutualTlsRefusal(mesh: Mesh, read: Read, endpoints: readonly Endpoint[]): MutualTlsRefusal {
  return read(mesh.authentication.refusal(endpoints.map(({ namespace }) => namespace)));
}

/** The same as builders ask for it. */
export function acceptance({ refuses }: MutualTlsRefusal): Pick<EndpointInput, 'acceptsMutualTls'> {
  return refuses === undefined ? {} : { acceptsMutualTls: (endpoint) => !refuses(endpoint) };
}
