/** Load balancing of a traffic policy. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { bool, choice, duration, int, number, string, uint32 } from '../field/scalars.ts';
import { localityLoadBalancerSetting } from '../parts/locality-load-balancer.ts';

const cookieAttribute = object({
  name: string({ required: true }),
  value: string(),
});
export type CookieAttribute = Infer<typeof cookieAttribute>;

const httpCookie = object({
  name: string({ required: true }),
  path: string(),
  ttl: duration(),
  attributes: list(cookieAttribute),
});
export type HttpCookie = Infer<typeof httpCookie>;

const ringHash = object({
  minimumRingSize: int({ min: 0 }),
});
export type RingHash = Infer<typeof ringHash>;

const magLev = object({
  tableSize: int({ min: 0 }),
});
export type MagLev = Infer<typeof magLev>;

const consistentHashLb = object(
  {
    httpHeaderName: string(),
    httpCookie,
    useSourceIp: bool(),
    httpQueryParameterName: string(),
    ringHash,
    maglev: magLev,
    minimumRingSize: int({ min: 0 }),
  },
  {
    atMostOneOf: [
      ['httpHeaderName', 'httpCookie', 'useSourceIp', 'httpQueryParameterName'],
      ['ringHash', 'maglev'],
    ],
  },
);
export type ConsistentHashLb = Infer<typeof consistentHashLb>;

const failover = object({
  from: string(),
  to: string(),
});
export type Failover = Infer<typeof failover>;

export const zoneAwareLoadBalancerSetting = object({
  enabled: bool(),
  failover: list(failover),
  failoverPriority: list(string()),
  minClusterSize: uint32({ min: 1 }),
});
export type ZoneAwareLoadBalancerSetting = Infer<typeof zoneAwareLoadBalancerSetting>;

const backendUtilizationLb = object({
  weightStabilizationPeriod: duration(),
  weightExpirationPeriod: duration(),
  weightUpdatePeriod: duration(),
  errorUtilizationPenaltyPercent: uint32(),
  metricNamesForComputingUtilization: list(string()),
});
export type BackendUtilizationLb = Infer<typeof backendUtilizationLb>;

export const warmup = object({
  duration: duration({ minMs: 1, required: true }),
  minimumPercent: number({ min: 0, max: 100 }),
  aggression: number({ min: 0 }),
});
export type Warmup = Infer<typeof warmup>;

export const loadBalancerSettings = object(
  {
    simple: choice(['UNSPECIFIED', 'LEAST_CONN', 'RANDOM', 'PASSTHROUGH', 'ROUND_ROBIN', 'LEAST_REQUEST']),
    consistentHash: consistentHashLb,
    backendUtilization: backendUtilizationLb,
    localityLbSetting: localityLoadBalancerSetting,
    zoneAwareLbSetting: zoneAwareLoadBalancerSetting,
    warmupDurationSecs: duration({ minMs: 1 }),
    warmup,
  },
  { atMostOneOf: [['simple', 'consistentHash', 'backendUtilization']] },
);
export type LoadBalancerSettings = Infer<typeof loadBalancerSettings>;
