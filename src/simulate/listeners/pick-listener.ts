import type { Listener } from '../../envoy/generated/envoy/config/listener/v3/Listener.ts';
import type { Context } from '../engine.ts';
import { placeOf } from '../places.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Loser, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { addressText, entryNames, isBound } from './listener-index.ts';

export interface PickedListener {
  readonly listener: Listener | undefined;
  /** Whether the address that the client wanted is known to the proxy although it listens elsewhere. */
  readonly isRestored: boolean;
  readonly step: Step;
}

/**
 * The listener that handles a connection. Redirected ones arrive at the entry of their direction, which hands them to the listener of the
 * address that was meant, where there is one, bound or not; others arrive where a socket is open.
 */
export function pickListener(context: Context, request: SimulatedRequest): PickedListener {
  const { direction, destination } = request;
  const { address, port } = destination;
  if (direction === 'direct') {
    const listener = context.listeners.at(address, port, true);
    const why = listener ? reasonOf(listener, address) : `nothing listens on ${address}:${port}`;
    return { listener, isRestored: false, step: stepFor(context, request, listener, why) };
  }
  const entry = context.listeners.entry(direction);
  if (entry === undefined) {
    const why = `there is no ${entryNames[direction]}: ${direction} connections are not intercepted here`;
    return { listener: undefined, isRestored: false, step: stepFor(context, request, undefined, why) };
  }
  const meant = handsOff(entry) ? context.listeners.at(address, port, false) : undefined;
  if (meant === undefined || meant === entry) {
    const why = `takes every intercepted ${direction} connection${handsOff(entry) ? ' for which there is no listener' : ''}`;
    return { listener: entry, isRestored: true, step: stepFor(context, request, entry, why) };
  }
  return { listener: meant, isRestored: true, step: stepFor(context, request, meant, reasonOf(meant, address)) };
}

function handsOff({ use_original_dst }: Listener): boolean {
  return use_original_dst?.value === true;
}

function reasonOf(listener: Listener, address: string): string {
  const exact = addressText(listener).includes(address);
  return exact ? `listens for ${address} itself` : `listens for the port on every address (${addressText(listener)})`;
}

function stepFor(context: Context, { destination }: SimulatedRequest, listener: Listener | undefined, why: string): Step {
  const { address, port } = destination;
  const candidates = context.wantsLosers ? context.listeners.onPort(port).filter((each) => each !== listener) : [];
  const losers = candidates.map(
    (each): Loser => ({
      name: each.name ?? '',
      reason: loserReason(each, listener, `${address}:${port}`),
      at: placeOf('listener', each.name ?? '', [], each.metadata),
    }),
  );
  return stepOf({
    stage: 'listener',
    chosen: listener?.name ?? '',
    why,
    losers,
    ...(listener && { at: placeOf('listener', listener.name ?? '', [], listener.metadata) }),
  });
}

function loserReason(loser: Listener, listener: Listener | undefined, wanted: string): string {
  if (listener === undefined && !isBound(loser)) return 'takes only what is intercepted';
  const own = addressText(loser);
  const isWildcard = own.includes('0.0.0.0:') || own.includes(':::');
  return isWildcard ? 'a listener of the address itself goes before' : `listens on ${own}, the connection is to ${wanted}`;
}
