import type { Protocol, ProtocolOptions } from '../protocol.ts';
import { deltaSegments, encodeDeltaBody } from './body.ts';
import { DeltaPlanner } from './plan.ts';
import { type DeltaRequest, deltaRequestReader } from './request.ts';
import { subscribeDelta } from './subscribe.ts';

/** Delta: requests and responses hold what changes. */
export function deltaProtocol({ decodeMessage, controlPlane }: ProtocolOptions): Protocol<DeltaRequest> {
  const segments = deltaSegments();
  const planner = new DeltaPlanner();
  return {
    variant: 'delta',
    path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/DeltaAggregatedResources',
    decodeRequest: deltaRequestReader(decodeMessage),
    asksNothing: () => false,
    subscribe: subscribeDelta,
    encodeBody: (content) => encodeDeltaBody(content, { controlPlane, segments }),
    plan: (watch, context) => planner.plan(watch, context),
  };
}
