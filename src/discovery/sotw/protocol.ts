import type { Protocol, ProtocolOptions } from '../protocol.ts';
import { encodeSotwBody, sotwSegments } from './body.ts';
import { SotwPlanner } from './plan.ts';
import { type SotwRequest, sotwRequestReader } from './request.ts';
import { subscribeSotw } from './subscribe.ts';

/** State of the world: requests hold the whole list of names, responses whole sets of LDS and CDS. */
export function sotwProtocol({ decodeMessage, controlPlane }: ProtocolOptions): Protocol<SotwRequest> {
  const segments = sotwSegments();
  const planner = new SotwPlanner();
  return {
    variant: 'sotw',
    path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources',
    decodeRequest: sotwRequestReader(decodeMessage),
    asksNothing: (request, type) => type.byName && request.names.isEmpty,
    subscribe: subscribeSotw,
    encodeBody: (content) => encodeSotwBody(content, { controlPlane, segments }),
    plan: (watch, context) => planner.plan(watch, context),
  };
}
