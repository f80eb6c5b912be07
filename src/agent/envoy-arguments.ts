export interface EnvoyArguments {
  readonly bootstrapPath: string;
  /** Envoy writes the admin address that it got into this file. */
  readonly adminAddressPath: string;
  /** Worker threads; one per core where unset. */
  readonly concurrency?: number;
  readonly logLevel: string;
  /** How long Envoy spreads the closing of connections over; seconds. */
  readonly drainSeconds: number;
  readonly ipVersion: 4 | 6;
}

/** Envoy's command line. No hot restart: a second Envoy then needs no shared memory and no base id of its own. */
export function envoyArguments(settings: EnvoyArguments): string[] {
  return [
    ['-c', settings.bootstrapPath],
    ['--admin-address-path', settings.adminAddressPath],
    ['--disable-hot-restart'],
    ['--drain-time-s', String(settings.drainSeconds)],
    ['--drain-strategy', 'immediate'],
    ['--local-address-ip-version', `v${settings.ipVersion}`],
    ['--file-flush-interval-msec', '1000'],
    ['--log-level', settings.logLevel],
    ...(settings.concurrency === undefined ? [] : [['--concurrency', String(settings.concurrency)]]),
  ].flat();
}
