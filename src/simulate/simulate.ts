import { createEngine, type Engine } from './engine.ts';
import { throughListener } from './listeners/through-listener.ts';
import type { SimulatedRequest } from './request.ts';
import type { ServedResources } from './resources.ts';
import type { Simulation } from './simulation.ts';

export interface SimulateOptions {
  /** Whether candidates that were not taken are listed with their reasons, which costs more than the rest. True where it is absent. */
  readonly losers?: boolean;
}

/** What becomes of a request. It depends on nothing but its arguments and the resources. */
export type Simulator = (request: SimulatedRequest, options?: SimulateOptions) => Simulation;

/**
 * What Envoy 1.40 would do with requests, given what one proxy is served. Indexes are made when a request first needs them and kept with
 * the simulator, so make one for each set of resources and ask it often.
 */
export function createSimulator(resources: ServedResources): Simulator {
  const engine: Engine = createEngine(resources);
  return (request, { losers = true } = {}) => throughListener({ ...engine, wantsLosers: losers }, request);
}
