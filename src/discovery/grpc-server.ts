import {
  type handleBidiStreamingCall,
  Server,
  type ServerCredentials,
  type ServerDuplexStream,
  type ServiceDefinition,
} from '@grpc/grpc-js';
import type { Clock } from '../lib/clock.ts';
import { ConnectionAge } from './connection-age.ts';
import type { DiscoverySettings } from './discovery-settings.ts';
import type { Protocol } from './protocol.ts';

type Call = ServerDuplexStream<Buffer, Buffer>;

export interface GrpcServerOptions {
  readonly settings: DiscoverySettings;
  readonly protocols: readonly Protocol[];
  readonly clock: Clock;
  readonly open: (call: Call, protocol: Protocol) => void;
  /** Bytes of each request. */
  readonly onReceived: (bytes: number) => void;
}

/** A gRPC server that serves the aggregated discovery service and nothing else: other methods are UNIMPLEMENTED. */
export function createGrpcServer({ settings, protocols, clock, open, onReceived }: GrpcServerOptions): Server {
  const server = new Server({
    'grpc.max_receive_message_length': settings.maxReceiveBytes,
    'grpc.max_send_message_length': -1,
    'grpc.max_concurrent_streams': settings.maxConcurrentStreams,
    'grpc.keepalive_time_ms': settings.keepaliveTimeMs,
    'grpc.keepalive_timeout_ms': settings.keepaliveTimeoutMs,
    // of those that open no stream
    'grpc.max_connection_idle_ms': settings.maxConnectionAgeMs,
    'grpc.enable_channelz': 0,
  });
  const { maxConnectionAgeMs: ageMs, maxConnectionAgeGraceMs: graceMs } = settings;
  const connectionAge = new ConnectionAge({ clock, ageMs, graceMs, random: Math.random });
  const handlers = protocols.map((protocol): [string, handleBidiStreamingCall<Buffer, Buffer>] => [
    protocol.variant,
    (call) => {
      connectionAge.begin(call);
      open(call, protocol);
    },
  ]);
  server.addService(serviceOf(protocols, onReceived), Object.fromEntries(handlers));
  return server;
}

/** Binds and returns the address with the port that was taken. */
export function bind(server: Server, address: string, credentials: ServerCredentials): Promise<string> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error) reject(error);
      else resolve(address.startsWith('unix:') ? address : address.replace(/:\d+$/, `:${port}`));
    });
  });
}

/** Messages pass as bytes: responses are encoded once for many streams, and a request is decoded where a failure can be answered. */
function serviceOf(protocols: readonly Protocol[], onReceived: (bytes: number) => void): ServiceDefinition {
  const pass = (bytes: Buffer) => bytes;
  const receive = (bytes: Buffer) => {
    onReceived(bytes.length);
    return bytes;
  };
  return Object.fromEntries(
    protocols.map((protocol) => [
      protocol.variant,
      {
        path: protocol.path,
        requestStream: true,
        responseStream: true,
        requestSerialize: pass,
        requestDeserialize: receive,
        responseSerialize: pass,
        responseDeserialize: pass,
      },
    ]),
  );
}
