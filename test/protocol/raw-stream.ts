// An ADS stream on bare HTTP/2: for clients that send nonsense, never read, or vanish.
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type ClientSessionOptions as SessionOptions } from 'node:http2';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';

export interface RawStream {
  readonly session: ClientHttp2Session;
  readonly stream: ClientHttp2Stream;
  /** `grpc-status` of the end, or undefined where the stream was reset. */
  readonly ended: Promise<number | undefined>;
  sendBytes(message: Uint8Array): void;
  /** As `sendBytes`, for bytes that are compressed with the encoding of the stream. */
  sendCompressed(message: Uint8Array): void;
  /** Bytes are taken in from now on; before, only what fits in the flow-control window has left the server. */
  read(): void;
  /** The connection breaks. */
  destroy(): void;
}

export interface RawStreamOptions {
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly session?: SessionOptions;
}

export function rawStream(address: string, variant: 'sotw' | 'delta', options: RawStreamOptions = {}): RawStream {
  const method = variant === 'sotw' ? 'StreamAggregatedResources' : 'DeltaAggregatedResources';
  const session = connect(`http://${address}`, options.session);
  const stream = session.request({
    ':method': 'POST',
    ':path': `/envoy.service.discovery.v3.AggregatedDiscoveryService/${method}`,
    'content-type': 'application/grpc',
    te: 'trailers',
    ...options.headers,
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
  const send = (isCompressed: 0 | 1, message: Uint8Array) => {
    const header = Buffer.alloc(5);
    header.writeUInt8(isCompressed);
    header.writeUInt32BE(message.length, 1);
    stream.write(Buffer.concat([header, message]));
  };
  return {
    session,
    stream,
    ended,
    sendBytes: (message) => send(0, message),
    sendCompressed: (message) => send(1, message),
    read: () => stream.resume(),
    destroy: () => session.destroy(),
  };
}

/** A request for all clusters, or everything of another type; first or in answer to a nonce. */
export function clusterRequest(
  protos: EnvoyProtos,
  variant: 'sotw' | 'delta',
  who: { readonly nodeId: string } | { readonly nonce: string },
  type: TypeUrlName = 'CDS',
): Uint8Array {
  const message = variant === 'sotw' ? 'DiscoveryRequest' : 'DeltaDiscoveryRequest';
  const fields = 'nonce' in who ? { response_nonce: who.nonce } : { node: { id: who.nodeId } };
  return protos.encode(`envoy.service.discovery.v3.${message}`, { ...fields, type_url: typeUrls[type] });
}
