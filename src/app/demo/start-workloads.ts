import type { Clock } from '../../lib/clock.ts';
import { appPort, cast, type Workload } from './cast.ts';
import { frontendApp } from './frontend-app.ts';
import { expectFree, listenOn } from './loopback-address.ts';
import { registerApp } from './register-app.ts';
import { ServiceDirectory } from './service-directory.ts';

/** v2 does more per request: its share shows in the latency. */
const workMs: Readonly<Record<string, number>> = { v1: 3, v2: 9 };
const timeoutMs = 5000;

/**
 * Starts the processes beside the sidecars, and makes sure that the addresses of all Envoys are free. The processes come
 * first: of two demos that start at once only one gets past them.
 */
export async function startWorkloads(clock: Clock, signal: AbortSignal): Promise<void> {
  const directory = new ServiceDirectory();
  for (const workload of cast) {
    const { service, address, inboundPort } = workload;
    if (service === 'gateway') continue;
    directory.register(service, { host: address, port: inboundPort });
    await listenOn(appOf(workload, directory, clock), { host: address, port: appPort }, signal);
  }
  for (const { address, inboundPort, outboundPort } of cast) {
    await expectFree({ host: address, port: inboundPort });
    if (outboundPort !== undefined) await expectFree({ host: address, port: outboundPort });
  }
}

function appOf({ name, service, version, address, inboundPort, outboundPort }: Workload, directory: ServiceDirectory, clock: Clock) {
  if (service === 'register') return registerApp({ version, instance: name, workMs: workMs[version] ?? 0, directory, clock });
  return frontendApp({
    register: { host: address, port: outboundPort ?? 0 },
    self: { host: address, port: inboundPort },
    timeoutMs,
  });
}
