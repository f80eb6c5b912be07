/** Names for the parts of a DestinationRule that builders read: the shapes are the schema's. */
import type { DestinationRule } from '../../schema/destination-rule/destination-rule.ts';

export type TrafficPolicy = NonNullable<DestinationRule['trafficPolicy']>;
export type Subset = NonNullable<DestinationRule['subsets']>[number];
export type PortTrafficPolicy = NonNullable<TrafficPolicy['portLevelSettings']>[number];
export type ConnectionPool = NonNullable<TrafficPolicy['connectionPool']>;
export type OutlierDetection = NonNullable<TrafficPolicy['outlierDetection']>;
export type LoadBalancer = NonNullable<TrafficPolicy['loadBalancer']>;
export type LocalityLbSetting = NonNullable<LoadBalancer['localityLbSetting']>;
export type ZoneAwareLbSetting = NonNullable<LoadBalancer['zoneAwareLbSetting']>;
export type ClientTls = NonNullable<TrafficPolicy['tls']>;
export type ProxyProtocol = NonNullable<TrafficPolicy['proxyProtocol']>;
export type RetryBudget = NonNullable<TrafficPolicy['retryBudget']>;
