import { type DiscoverySettings, defaultDiscoverySettings } from '../discovery/discovery-settings.ts';
import { parseDurationMs } from '../lib/duration.ts';

/** Istio's variables that tune the discovery server, under their own names; what cannot be read keeps the default. */
export function readDiscoverySettings(env: Readonly<Record<string, string | undefined>>, address: string): DiscoverySettings {
  const defaults = defaultDiscoverySettings;
  return {
    ...defaults,
    address,
    debounceAfterMs: milliseconds(env['PILOT_DEBOUNCE_AFTER'], defaults.debounceAfterMs),
    debounceMaxMs: milliseconds(env['PILOT_DEBOUNCE_MAX'], defaults.debounceMaxMs),
    maxStreamsPerSecond: number(env['PILOT_MAX_REQUESTS_PER_SECOND'], defaults.maxStreamsPerSecond),
    sendDeadlineMs: milliseconds(env['PILOT_XDS_SEND_TIMEOUT'], defaults.sendDeadlineMs),
    removalLingerMs: milliseconds(env['COXSWAIN_REMOVAL_LINGER'], defaults.removalLingerMs),
    maxReceiveBytes: number(env['ISTIO_GPRC_MAXRECVMSGSIZE'], defaults.maxReceiveBytes),
    maxBytesInFlight: number(env['COXSWAIN_MAX_BYTES_IN_FLIGHT'], defaults.maxBytesInFlight),
    maxMessageBytes: number(env['COXSWAIN_MAX_MESSAGE_BYTES'], defaults.maxMessageBytes),
    maxConcurrentStreams: number(env['ISTIO_GPRC_MAXSTREAMS'], defaults.maxConcurrentStreams),
  };
}

function milliseconds(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : parseDurationMs(text)) ?? fallback;
}

function number(text: string | undefined, fallback: number): number {
  const value = Number(text);
  return text !== undefined && text !== '' && Number.isFinite(value) ? value : fallback;
}
