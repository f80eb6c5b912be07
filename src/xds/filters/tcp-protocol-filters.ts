import type { Filter } from '../../envoy/generated/envoy/config/listener/v3/Filter.ts';
import type { MongoProxy } from '../../envoy/generated/envoy/extensions/filters/network/mongo_proxy/v3/MongoProxy.ts';
import type { MySQLProxy } from '../../envoy/generated/envoy/extensions/filters/network/mysql_proxy/v3/MySQLProxy.ts';
import type { RedisProxy } from '../../envoy/generated/envoy/extensions/filters/network/redis_proxy/v3/RedisProxy.ts';
import type { FeatureFlags } from '../../mesh/feature-flags.ts';
import type { Protocol } from '../../model/protocol.ts';

interface ProtocolFilterFacts {
  readonly statPrefix: string;
  readonly cluster: string;
  readonly flags: FeatureFlags;
}

/** The TCP proxy with the filter that understands the protocol before it, or in its place for Redis (Istio `buildNetworkFiltersStack`). */
export function withProtocolFilters(protocol: Protocol, tcpProxy: Filter, facts: ProtocolFilterFacts): Filter[] {
  const { statPrefix, cluster, flags } = facts;
  if (protocol === 'Mongo' && flags.PILOT_ENABLE_MONGO_FILTER) return [mongoProxy(statPrefix), tcpProxy];
  if (protocol === 'MySQL' && flags.PILOT_ENABLE_MYSQL_FILTER) return [mysqlProxy(statPrefix), tcpProxy];
  if (protocol === 'Redis' && flags.PILOT_ENABLE_REDIS_FILTER) return [redisProxy(statPrefix, cluster)];
  return [tcpProxy];
}

function mongoProxy(statPrefix: string): Filter {
  const config: MongoProxy = { stat_prefix: statPrefix };
  return filterOf('mongo_proxy', 'MongoProxy', config);
}

function mysqlProxy(statPrefix: string): Filter {
  const config: MySQLProxy = { stat_prefix: statPrefix };
  return filterOf('mysql_proxy', 'MySQLProxy', config);
}

function redisProxy(statPrefix: string, cluster: string): Filter {
  const config: RedisProxy = {
    stat_prefix: statPrefix,
    latency_in_micros: true,
    settings: { op_timeout: { seconds: '5', nanos: 0 } },
    prefix_routes: { catch_all_route: { cluster } },
  };
  return filterOf('redis_proxy', 'RedisProxy', config);
}

function filterOf(name: string, message: string, config: object): Filter {
  const type = `type.googleapis.com/envoy.extensions.filters.network.${name}.v3.${message}`;
  return { name: `envoy.filters.network.${name}`, typed_config: { '@type': type, ...config } };
}
