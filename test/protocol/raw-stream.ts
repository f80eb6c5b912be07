// An ADS stream on bare HTTP/2: for clients that send nonsense, never read, or vanish.
import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';

export interface RawStream {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  /** `grpc-status` of the end, or undefined where the stream was reset. */
  readonly ended: Promise<number | undefined>;
  sendBytes(message: Uint8Array): void;
  /** Bytes are taken in from now on; before, only what fits in the flow-control window has left the server. */
  read(): void;
  /** The connection breaks. */
  destroy(): void;
}

export function rawStream(address: string, variant: 'sotw' | 'delta'): RawStream {
  const method = variant === 'sotw' ? 'StreamAggregatedResources' : 'DeltaAggregatedResources';
  const session = connect(`http://${address}`);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
  });
  session.on('error', () => {});
  stream.on('error', () => {});
  const ended = new Promise<number | undefined>((resolve) => {
    const look = (headers: Readonly<Record<string, unknown>>) => {
      if (headers['grpc-status'] !== undefined) resolve(Number(headers['grpc-status']));
    };
    stream.on('response', look);
    stream.on('trailers', look);
    stream.on('close', () => resolve(undefined));
  });
  return {
    session,
    stream,
    ended,
    sendBytes(message) {
      const header = Buffer.alloc(5);
      header.writeUInt32BE(message.length, 1);
      stream.write(Buffer.concat([header, message]));
    },
    read: () => stream.resume(),
    destroy: () => session.destroy(),
  };
}

/** A request for all clusters, first or in answer to a nonce. */
export function clusterRequest(
  protos: EnvoyProtos,
  variant: 'sotw' | 'delta',
  who: { readonly nodeId: string } | { readonly nonce: string },
): Uint8Array {
  const message = variant === 'sotw' ? 'DiscoveryRequest' : 'DeltaDiscoveryRequest';
  const fields = 'nonce' in who ? { response_nonce: who.nonce } : { node: { id: who.nodeId } };
  return protos.encode(`envoy.service.discovery.v3.${message}`, { ...fields, type_url: typeUrls.CDS });
}
