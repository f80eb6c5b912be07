import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { Context } from '../engine.ts';
import { throughFilters } from '../filters/through-filters.ts';
import { partOf, placeOf } from '../places.ts';
import type { SimulatedRequest } from '../request.ts';
import { decide } from '../routes/decide.ts';
import type { Simulation } from '../simulation.ts';
import type { Place } from '../step.ts';
import { ended, onwards, stepOf } from '../steps.ts';
import type { Exchange } from './exchange.ts';
import { receiveRequest } from './receive-request.ts';

export interface HttpConnection {
  readonly manager: HttpConnectionManager;
  readonly at: Place;
  readonly input: SimulatedRequest;
  readonly isTls: boolean;
  readonly isRestored: boolean;
}

/** A request from its first line to the end of the filter chain. */
export function throughConnectionManager(context: Context, { manager, at, input, isTls, isRestored }: HttpConnection): Simulation {
  const received = receiveRequest(manager, input, isTls, at);
  const chosen = manager.stat_prefix ?? '';
  if ('answer' in received)
    return ended([stepOf({ stage: 'HTTP connection manager', chosen, why: received.because, at })], received.answer);
  const step = stepOf({ stage: 'HTTP connection manager', chosen, why: 'the request is well-formed', at, notes: received.notes });
  const exchange: Exchange = { context, input, http: received.request, manager, managerAt: at, isRestored };
  const name = manager.rds?.route_config_name ?? '';
  const table = manager.route_config ?? context.resources.routes.get(name);
  if (table === undefined || table === null) {
    const missing = stepOf({ stage: 'route table', chosen: '', why: `${name || 'no table'} is served by nobody` });
    return ended([step, missing], { kind: 'unknown', because: 'the listener waits for its route table', at });
  }
  const tableAt = manager.route_config
    ? partOf(at, ['typed_config', 'route_config'], table.metadata)
    : placeOf('route table', name, [], table.metadata);
  const why = manager.route_config ? 'it stands in the listener itself' : 'the listener names it';
  const tableStep = stepOf({ stage: 'route table', chosen: table.name || name, why, at: tableAt });
  return onwards(
    [step, tableStep],
    decide(exchange, table, tableAt, (decision) => throughFilters(exchange, decision)),
  );
}
