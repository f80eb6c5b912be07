import type { HttpProtocolOptions } from '../../envoy/generated/envoy/extensions/upstreams/http/v3/HttpProtocolOptions.ts';
import type { OutboundScope } from '../../mesh/scope.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { blackHoleCluster, inboundPassthroughCluster, passthroughCluster } from '../names.ts';
import { applyMetadataExchange } from './base-cluster.ts';
import { type ClusterDraft, finishCluster, type NamedCluster } from './cluster-draft.ts';
import { applyConnectionPool } from './connection-pool.ts';
import { durationField } from './duration-field.ts';
import { allowAnyForwardProxyDraft, finishForwardProxy } from './dynamic-forward-proxy.ts';
import { originatedTls } from './originated-tls.ts';
import { catchAllSources } from './passthrough-source.ts';
import { altStatName } from './stat-name.ts';
import { tlsSocket } from './transport-sockets.ts';
import { preserveCase, preservesHeaderCase } from './upstream-protocol.ts';

/**
 * The clusters that stand for no service: a sidecar's way out for unknown destinations, the way in for unknown ports, and
 * the dead end. Gateways have the dead end alone, waypoints none.
 */
export function buildStaticClusters(scope: OutboundScope, settings: MeshSettings): NamedCluster[] {
  switch (scope.role) {
    case 'sidecar': {
      const forwardsAny = settings.config.outboundTrafficPolicy?.mode === 'ALLOW_ANY_DYNAMIC_DNS';
      return [
        blackHole(settings),
        passthrough(scope, settings),
        ...(forwardsAny ? [allowAnyForwardProxy(scope, settings)] : []),
        inboundPassthrough(scope, settings),
      ];
    }
    case 'router':
      return [blackHole(settings)];
    case 'waypoint':
    case 'ztunnel':
    case 'grpc':
      return [];
  }
}

/** Has no endpoints, so that traffic to it fails. */
function blackHole(settings: MeshSettings): NamedCluster {
  return {
    name: blackHoleCluster,
    type: 'STATIC',
    lb_policy: 'ROUND_ROBIN',
    alt_stat_name: altStatName(blackHoleCluster),
    connect_timeout: durationField(settings.config.connectTimeout) ?? { seconds: '10', nanos: 0 },
  };
}

/** To wherever the client meant to go. The mesh's connection limits hold, outlier detection has nothing to choose from. */
function passthrough(scope: OutboundScope, settings: MeshSettings): NamedCluster {
  const draft = passthroughDraft(passthroughCluster, settings);
  applyMetadataExchange(draft, scope, settings);
  return finishCluster(draft);
}

/** To the application's port that no service names, from a source address that the redirection lets pass. */
function inboundPassthrough(scope: OutboundScope, settings: MeshSettings): NamedCluster {
  const draft = passthroughDraft(inboundPassthroughCluster, settings);
  const [first, ...others] = catchAllSources(scope);
  draft.cluster.upstream_bind_config = {
    source_address: first,
    ...(others.length > 0 ? { extra_source_addresses: others.map((address) => ({ address })) } : {}),
  };
  return finishCluster(draft);
}

function passthroughDraft(name: string, settings: MeshSettings): ClusterDraft {
  const draft: ClusterDraft = {
    // Both are counted under one name, as in Istio, where the second is made from the first.
    cluster: { name, type: 'ORIGINAL_DST', lb_policy: 'CLUSTER_PROVIDED', alt_stat_name: altStatName(passthroughCluster) },
    istioMetadata: {},
    isDynamicForwardProxy: false,
  };
  applyConnectionPool(draft, settings, settings.config.defaultTrafficPolicy?.connectionPool ?? {}, undefined);
  draft.http = clientProtocol(settings);
  return draft;
}

function allowAnyForwardProxy(scope: OutboundScope, settings: MeshSettings): NamedCluster {
  const draft = allowAnyForwardProxyDraft(scope, settings);
  applyConnectionPool(draft, settings, {}, undefined);
  draft.http = clientProtocol(settings);
  const tls = settings.config.outboundTrafficPolicy?.tls;
  if (tls?.mode === 'SIMPLE' || tls?.mode === 'MUTUAL') {
    const service = forwardedService;
    const context = originatedTls(draft, tls, {
      service,
      serviceAccounts: [],
      sni: '',
      isAutoAllowed: false,
      isForSelectedWorkloads: false,
      settings,
      scope,
    });
    if (context) draft.cluster.transport_socket = tlsSocket(context);
  }
  applyMetadataExchange(draft, scope, settings);
  return finishForwardProxy(draft);
}

/** TLS of the forward proxy belongs to no service: nothing may be read from one. */
const forwardedService = { provider: 'Kubernetes' } as const;

/** HTTP in the version of the client, connections closed after five idle minutes. */
function clientProtocol(settings: MeshSettings): HttpProtocolOptions {
  return {
    common_http_protocol_options: { idle_timeout: { seconds: '300', nanos: 0 } },
    use_downstream_protocol_config: {
      http_protocol_options: preservesHeaderCase(settings) ? preserveCase : {},
      http2_protocol_options: {},
    },
  };
}
