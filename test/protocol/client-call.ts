// What a scripted client needs of its stream, wherever that lives.
import type { ClientDuplexStream, StatusObject } from '@grpc/grpc-js';

export interface ClientCall<Response> {
  write(message: object): void;
  /** Half closes. */
  end(): void;
  /** Resets. */
  cancel(): void;
  /** No more messages are taken in; the transport's window fills. */
  pause(): void;
  resume(): void;
  /** Keeps the connection and does nothing any more: not even pings are answered. */
  stop(): void;
  onMessage(listener: (message: Response) => void): void;
  readonly status: Promise<StatusObject>;
}

/** A stream of this process. */
export function localCall<Response>(call: ClientDuplexStream<object, Response>): ClientCall<Response> {
  call.on('error', () => {});
  return {
    write: (message) => call.write(message),
    end: () => call.end(),
    cancel: () => call.cancel(),
    pause: () => call.pause(),
    resume: () => call.resume(),
    stop: () => {
      throw new Error('only a client in a process of its own can be stopped');
    },
    onMessage: (listener) => call.on('data', listener),
    status: new Promise((resolve) => call.on('status', resolve)),
  };
}
