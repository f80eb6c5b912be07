import type { HttpConnectionManager } from '../../envoy/generated/envoy/extensions/filters/network/http_connection_manager/v3/HttpConnectionManager.ts';
import type { Context } from '../engine.ts';
import type { SimulatedRequest } from '../request.ts';
import type { Place } from '../step.ts';
import type { HttpRequest } from './http-request.ts';

/** A request inside of one connection manager. */
export interface Exchange {
  readonly context: Context;
  /** What the client sent. */
  readonly input: SimulatedRequest;
  /** What came of it so far. */
  readonly http: HttpRequest;
  readonly manager: HttpConnectionManager;
  readonly managerAt: Place;
  /** Whether the proxy knows the address that the client meant. */
  readonly isRestored: boolean;
}
