/** How traffic is sent to a destination, for all of its ports or for one. */

import { list, object } from '../field/composites.ts';
import type { Infer } from '../field/field.ts';
import { choice, duration, number, string, uint32 } from '../field/scalars.ts';
import { clientTlsSettings } from '../parts/client-tls-settings.ts';
import { connectionPoolSettings } from '../parts/connection-pool.ts';
import { portSelector } from '../parts/port-selector.ts';
import { loadBalancerSettings } from './load-balancer.ts';
import { outlierDetection } from './outlier-detection.ts';

const portTrafficPolicy = object({
  port: portSelector,
  loadBalancer: loadBalancerSettings,
  connectionPool: connectionPoolSettings,
  outlierDetection,
  tls: clientTlsSettings,
});
export type PortTrafficPolicy = Infer<typeof portTrafficPolicy>;

const tunnelSettings = object({
  protocol: string(),
  targetHost: string({ required: true }),
  targetPort: uint32({ required: true }),
});
export type TunnelSettings = Infer<typeof tunnelSettings>;

const proxyProtocol = object({
  version: choice(['V1', 'V2']),
});
export type ProxyProtocol = Infer<typeof proxyProtocol>;

const retryBudget = object({
  percent: number({ min: 0, max: 100 }),
  minRetryConcurrency: uint32(),
  budgetInterval: duration(),
});
export type RetryBudget = Infer<typeof retryBudget>;

export const trafficPolicy = object({
  loadBalancer: loadBalancerSettings,
  connectionPool: connectionPoolSettings,
  outlierDetection,
  tls: clientTlsSettings,
  portLevelSettings: list(portTrafficPolicy, { maxItems: 4096 }),
  tunnel: tunnelSettings,
  proxyProtocol,
  retryBudget,
});
export type TrafficPolicy = Infer<typeof trafficPolicy>;
