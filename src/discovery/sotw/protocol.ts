import type { Protocol } from '../protocol.ts';
import type { RequestDecoders } from '../wire-types.ts';
import { encodeSotwBody } from './body.ts';
import { planSotw } from './plan.ts';
import { readSotwRequest, type SotwRequest } from './request.ts';
import { subscribeSotw } from './subscribe.ts';

/** State of the world: requests hold the whole list of names, responses whole sets of LDS and CDS. */
export function sotwProtocol(decoders: RequestDecoders, controlPlane: Buffer): Protocol<SotwRequest> {
  return {
    variant: 'sotw',
    path: '/envoy.service.discovery.v3.AggregatedDiscoveryService/StreamAggregatedResources',
    decodeRequest: (bytes) => readSotwRequest(decoders.sotw(bytes)),
    asksNothing: (request, type) => type.byName && request.names.length === 0,
    subscribe: subscribeSotw,
    encodeBody: (content, version) => encodeSotwBody(content, version, controlPlane),
    plan: planSotw,
  };
}
