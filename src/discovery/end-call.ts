import { constants } from 'node:http2';
import type { ServerDuplexStream, status } from '@grpc/grpc-js';

type Call = ServerDuplexStream<Buffer, Buffer>;

/** Ends a call with a status. Details are ours, never echoed input: grpc-js drops the status of a text it cannot encode (D9). */
export function endCall(call: Call, code: status, details: string): void {
  if (!call.cancelled) call.emit('error', { code, details: details.toWellFormed() });
}

/**
 * Cuts off a call whose client does not read: a status would wait behind the messages that it never takes. grpc-js has
 * no public way to reset a stream, so this reaches for its HTTP/2 stream, and ends the call politely where there is none.
 */
export function resetCall(call: Call, code: status, details: string): void {
  const { stream } = (call as unknown as { call?: { stream?: { close?(code: number): void } } }).call ?? {};
  if (stream?.close) stream.close(constants.NGHTTP2_CANCEL);
  else endCall(call, code, details);
}
