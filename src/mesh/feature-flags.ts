import { type Duration, durationToMs, parseDuration } from '../lib/duration.ts';

/**
 * Environment variables that change what is generated: Istio's under their own names (istiod `pilot/pkg/features`), and ours.
 */
export interface FeatureFlags {
  readonly PILOT_HTTP10: boolean;
  readonly PILOT_ENABLE_ALPN_FILTER: boolean;
  readonly PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN: boolean;
  readonly PILOT_ENABLE_HEADLESS_FILTER_CHAIN_LISTENER: boolean;
  readonly PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: boolean;
  readonly PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: boolean;
  readonly PILOT_SIDECAR_USE_REMOTE_ADDRESS: boolean;
  readonly PILOT_SCOPE_GATEWAY_TO_NAMESPACE: boolean;
  readonly PILOT_ENABLE_STRICT_GATEWAY_MERGING: boolean;
  readonly PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: boolean;
  readonly PILOT_SEND_UNHEALTHY_ENDPOINTS: boolean;
  readonly PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: boolean;
  readonly PILOT_ENABLE_IP_AUTOALLOCATE: boolean;
  readonly PILOT_ENABLE_MYSQL_FILTER: boolean;
  readonly PILOT_ENABLE_REDIS_FILTER: boolean;
  readonly PILOT_ENABLE_MONGO_FILTER: boolean;
  readonly PILOT_ENABLE_METADATA_EXCHANGE: boolean;
  readonly PILOT_ENABLE_TELEMETRY_LABEL: boolean;
  /** `pilot_envoy_filter_status` among the metrics. */
  readonly PILOT_ENVOY_FILTER_STATS: boolean;
  readonly PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: boolean;
  readonly ENABLE_TLS_ON_SIDECAR_INGRESS: boolean;
  readonly ENABLE_ENHANCED_DESTINATIONRULE_MERGE: boolean;
  readonly PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES: boolean;
  readonly ENABLE_100_CONTINUE_HEADERS: boolean;
  readonly ISTIO_DUAL_STACK: boolean;
  readonly ENABLE_MULTICLUSTER_HEADLESS: boolean;
  readonly PILOT_ENABLE_PERSISTENT_SESSION_FILTER: boolean;
  /** By how much at most Envoy is later than it has to be when it looks up names again, so that not all do so at once; 0: never. */
  readonly PILOT_DNS_JITTER_DURATION: Duration;
  /** Percent of requests of which traces are taken, where nothing else says. */
  readonly PILOT_TRACE_SAMPLING: number;
  /** Virtual hosts as resources of their own for Envoys that can take them so; false: whole route tables for everybody. */
  readonly COXSWAIN_VHDS: boolean;
}

export const defaultFeatureFlags: FeatureFlags = {
  PILOT_HTTP10: false,
  PILOT_ENABLE_ALPN_FILTER: true,
  PILOT_ENABLE_ABSOLUTE_FQDN_VHOST_DOMAIN: true,
  PILOT_ENABLE_HEADLESS_FILTER_CHAIN_LISTENER: false,
  PILOT_ENABLE_EDS_FOR_HEADLESS_SERVICES: false,
  PILOT_ALLOW_SIDECAR_SERVICE_INBOUND_LISTENER_MERGE: false,
  PILOT_SIDECAR_USE_REMOTE_ADDRESS: false,
  PILOT_SCOPE_GATEWAY_TO_NAMESPACE: false,
  PILOT_ENABLE_STRICT_GATEWAY_MERGING: true,
  PILOT_SIDECAR_PICK_BEST_SERVICE_NAMESPACE: true,
  PILOT_SEND_UNHEALTHY_ENDPOINTS: false,
  PILOT_AUTO_SEND_UNHEALTHY_ENDPOINTS: true,
  PILOT_ENABLE_IP_AUTOALLOCATE: true,
  PILOT_ENABLE_MYSQL_FILTER: false,
  PILOT_ENABLE_REDIS_FILTER: false,
  PILOT_ENABLE_MONGO_FILTER: true,
  PILOT_ENABLE_METADATA_EXCHANGE: true,
  PILOT_ENABLE_TELEMETRY_LABEL: true,
  PILOT_ENVOY_FILTER_STATS: false,
  PILOT_FILTER_GATEWAY_CLUSTER_CONFIG: false,
  ENABLE_TLS_ON_SIDECAR_INGRESS: false,
  ENABLE_ENHANCED_DESTINATIONRULE_MERGE: true,
  PREFER_DESTINATIONRULE_TLS_FOR_EXTERNAL_SERVICES: true,
  ENABLE_100_CONTINUE_HEADERS: true,
  ISTIO_DUAL_STACK: false,
  ENABLE_MULTICLUSTER_HEADLESS: true,
  PILOT_ENABLE_PERSISTENT_SESSION_FILTER: false,
  PILOT_DNS_JITTER_DURATION: { seconds: '0', nanos: 100_000_000 },
  PILOT_TRACE_SAMPLING: 1,
  COXSWAIN_VHDS: true,
};

/**
 * Reads the flags out of an environment; a value that is not a boolean of Go's `strconv.ParseBool`, a percentage, or a duration of 0
 * or more, keeps the default.
 */
export function readFeatureFlags(env: Readonly<Record<string, string | undefined>>): FeatureFlags {
  const flags: Record<string, Flag> = { ...defaultFeatureFlags };
  for (const [name, byDefault] of Object.entries(defaultFeatureFlags)) {
    const value = parseLike(byDefault, env[name]);
    if (value !== undefined) flags[name] = value;
  }
  return flags as unknown as FeatureFlags;
}

type Flag = FeatureFlags[keyof FeatureFlags];

function parseLike(byDefault: Flag, text: string | undefined): Flag | undefined {
  if (text === undefined) return undefined;
  if (typeof byDefault === 'boolean') return parseBool(text);
  return typeof byDefault === 'number' ? parsePercent(text) : parseLapse(text);
}

function parsePercent(text: string): number | undefined {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return value >= 0 && value <= 100 ? value : undefined;
}

/** Envoy refuses a negative one. */
function parseLapse(text: string): Duration | undefined {
  const duration = parseDuration(text);
  return duration === undefined || durationToMs(duration) < 0 ? undefined : duration;
}

function parseBool(text: string): boolean | undefined {
  if (/^(1|t|T|true|TRUE|True)$/.test(text)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(text) ? false : undefined;
}
