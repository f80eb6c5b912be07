import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';

const lowest = 20_000;
/** The first port that the system gives to whoever asks for none, where it does not say. */
const usualFirstEphemeral = 32_768;

/**
 * So many TCP ports that nobody listens on at `host`, all different. They are not those that the system gives away by itself: who
 * binds one of them later, or again, does not find that some connection has taken it meanwhile.
 */
export async function freePorts(count: number, host = '127.0.0.1'): Promise<readonly number[]> {
  const ports: number[] = [];
  const span = Math.max(firstEphemeral(), usualFirstEphemeral) - lowest;
  const start = Math.floor(Math.random() * span);
  for (let tried = 0; ports.length < count; tried++) {
    if (tried === span) throw new Error(`fewer than ${count} ports of ${host} are free`);
    const port = lowest + ((start + tried) % span);
    if (await isFree(port, host)) ports.push(port);
  }
  return ports;
}

async function isFree(port: number, host: string): Promise<boolean> {
  const server = createServer().listen(port, host);
  try {
    await once(server, 'listening');
  } catch {
    return false;
  }
  await new Promise((resolve) => server.close(resolve));
  return true;
}

function firstEphemeral(): number {
  try {
    return Number(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').split(/\s+/)[0]);
  } catch {
    return usualFirstEphemeral;
  }
}
