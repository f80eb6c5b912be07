import type { Cluster } from '../../envoy/generated/envoy/config/cluster/v3/Cluster.ts';
import type { Context } from '../engine.ts';
import { headerValue } from '../http/http-request.ts';
import type { EndpointChoice } from '../outcome.ts';
import { placeOf } from '../places.ts';
import type { Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { isDoubt } from '../three-valued.ts';
import type { Hop } from './hop.ts';
import { type PickedEndpoints, pickEndpoints } from './pick-endpoints.ts';
import { upstreamTls } from './upstream-tls.ts';

export interface Destinations extends PickedEndpoints {
  readonly resolves?: string;
  /** What the kind of cluster keeps from being known. */
  readonly unknown?: string;
}

const nobody: PickedEndpoints = { endpoints: [], steps: [], dropShare: 0 };

/** Who may get what a cluster is sent, by the kind of the cluster. */
export function destinationsOf(context: Context, cluster: Cluster, hop: Hop): Destinations {
  const extension = cluster.cluster_type?.name;
  if (extension !== undefined) return ofExtension(extension, cluster, hop);
  switch (cluster.type ?? 'STATIC') {
    case 'ORIGINAL_DST':
    case 4:
      return ofOriginalDestination(cluster, hop);
    case 'EDS':
    case 3: {
      const name = cluster.eds_cluster_config?.service_name || hop.name;
      const assignment = context.resources.endpoints.get(name);
      const at = placeOf('endpoints', name);
      if (assignment === undefined) {
        const steps = [stepOf({ stage: 'endpoints', chosen: '', why: 'the load assignment is served by nobody', at })];
        return { ...nobody, steps };
      }
      return pickEndpoints(context, cluster, assignment, at);
    }
    case 'STRICT_DNS':
    case 1:
    case 'LOGICAL_DNS':
    case 2: {
      const picked = pickEndpoints(context, cluster, cluster.load_assignment ?? {}, placeOf('cluster', hop.name, ['load_assignment']));
      const names = picked.endpoints.map(({ address }) => address).filter((address) => !/^\[?[\d.:a-f]+\]?:\d+$/i.test(address));
      return names.length === 0 ? picked : { ...picked, resolves: names.join(', ') };
    }
    default:
      return pickEndpoints(context, cluster, cluster.load_assignment ?? {}, placeOf('cluster', hop.name, ['load_assignment']));
  }
}

/** To where the client was going; of what was not intercepted nobody knows where that is. */
function ofOriginalDestination(cluster: Cluster, { input, isRestored, http, name }: Hop): Destinations {
  const config = cluster.original_dst_lb_config;
  const header = config?.http_header_name || 'x-envoy-original-dst-host';
  const named = config?.use_http_header === true && http ? headerValue(http.request, header) : undefined;
  const port = config?.upstream_port_override?.value;
  const meant = `${input.destination.address}:${port ?? input.destination.port}`;
  const address = named ?? (isRestored ? meant : undefined);
  const at = placeOf('cluster', name);
  if (address === undefined) {
    const why = 'the connection was not intercepted, so there is no address that it was meant for';
    return { ...nobody, steps: [stepOf({ stage: 'endpoints', chosen: '', why, at })] };
  }
  const why = named === undefined ? 'where the client was going' : `the header ${header} says so`;
  return only(cluster, address, [stepOf({ stage: 'endpoints', chosen: address, why, at })]);
}

function ofExtension(extension: string, cluster: Cluster, { http, input, name }: Hop): Destinations {
  if (extension !== 'envoy.clusters.dynamic_forward_proxy')
    return { ...nobody, unknown: `clusters of the kind ${extension} are not evaluated` };
  const host = http?.forwarded.host ?? input.tls?.sni ?? '';
  if (isDoubt(host)) return { ...nobody, unknown: host.doubt };
  if (host === '') return { ...nobody, unknown: 'no name to look up' };
  const hasPort = /:\d+$/.test(host);
  const resolves = hasPort ? host : `${host}:${cluster.transport_socket ? 443 : 80}`;
  const at = placeOf('cluster', name);
  const why = 'the name of the request is looked up';
  return { ...only(cluster, resolves, [stepOf({ stage: 'endpoints', chosen: resolves, why, at })]), resolves };
}

function only(cluster: Cluster, address: string, steps: readonly Step[]): PickedEndpoints {
  const { tls, step } = upstreamTls(cluster, undefined);
  const endpoint: EndpointChoice = { address, share: 1, priority: 0, locality: '', tls };
  return { endpoints: [endpoint], steps: [...steps, ...(step ? [step] : [])], dropShare: 0 };
}
