import { randomBytes } from 'node:crypto';
import { type Server, ServerCredentials, type ServerDuplexStream, status } from '@grpc/grpc-js';
import type { EnvoyProtos } from '../envoy/protos.ts';
import { type Clock, delay } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { AdsStream } from './ads-stream.ts';
import { BatchCache } from './batch.ts';
import { ChangeWave } from './change-wave.ts';
import type { ConnectionStatus } from './connection-status.ts';
import { deltaProtocol } from './delta/protocol.ts';
import type { DiscoveryMetrics } from './discovery-metrics.ts';
import type { DiscoverySettings } from './discovery-settings.ts';
import { endCall } from './end-call.ts';
import { bind, createGrpcServer } from './grpc-server.ts';
import type { PlanContext, Protocol, ProtocolOptions } from './protocol.ts';
import { PushQueue } from './push-queue.ts';
import type { ResourceSource } from './resource-source.ts';
import { ResponseNews } from './response-news.ts';
import { SendBudget, type SendFigures } from './send-budget.ts';
import { sotwProtocol } from './sotw/protocol.ts';
import { StreamLimiter } from './stream-limiter.ts';
import { Turns } from './turns.ts';
import { ViewChanges } from './view-changes.ts';

export interface DiscoveryServerOptions {
  readonly source: ResourceSource;
  readonly settings: DiscoverySettings;
  readonly protos: EnvoyProtos;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: DiscoveryMetrics;
  /** Plaintext where unset. */
  readonly credentials?: ServerCredentials;
  /** `control_plane.identifier` of every response; `istioctl proxy-status` shows it. None where unset. */
  readonly identifier?: string;
  /** Bytes of each request. */
  readonly onReceived?: (bytes: number) => void;
  /** A proxy refused a response: whom to blame is found from the names. */
  readonly onNack?: (nodeId: string, typeUrl: string, names: readonly string[], message: string) => void;
  /** A proxy accepted a response: the resources in it, and the removal of others. */
  readonly onAck?: (nodeId: string, typeUrl: string, names: () => readonly string[]) => void;
}

/**
 * Serves what a `ResourceSource` knows to Envoys and gRPC clients: the aggregated discovery service, both variants.
 *
 *     request --> AdsStream --> Watch (one per type: subscription, what is owed, what is unanswered)
 *     change --> PushQueue --> AdsStream.push --> pushRound: advance all watches, then in push order
 *                                                   Protocol.plan (sotw/ or delta/) --> BatchCache --> StreamWriter
 */
export class DiscoveryServer {
  private readonly options: DiscoveryServerOptions;
  private readonly streams = new Set<AdsStream>();
  private readonly changes = new ViewChanges();
  private readonly queue: PushQueue;
  private readonly limiter: StreamLimiter;
  private readonly turns: Turns;
  private readonly budget: SendBudget;
  private readonly idPrefix = randomBytes(6).toString('base64url');
  private opened = 0;
  private isDraining = false;
  private stopped: Promise<void> = Promise.resolve();

  constructor(options: DiscoveryServerOptions) {
    const { clock, settings, metrics } = options;
    this.options = options;
    this.queue = new PushQueue({
      clock,
      defer: setImmediate,
      afterMs: settings.debounceAfterMs,
      maxMs: settings.debounceMaxMs,
      begin(scope, sinceMs) {
        metrics.triggered(scope === 'all' ? 'config' : 'endpoint', clock.now() - sinceMs);
        return new ChangeWave(sinceMs, (type, tookMs) => metrics.changeAnswered(type, tookMs));
      },
    });
    this.turns = new Turns({ clock, defer: setImmediate });
    this.budget = new SendBudget({ clock, maxBytes: settings.maxBytesInFlight });
    this.limiter = new StreamLimiter({ clock, perSecond: settings.maxStreamsPerSecond });
  }

  /** Listens, and returns the address that it listens on. The signal's abort drains: see `closed`. */
  async start(signal: AbortSignal): Promise<string> {
    const { settings, credentials, clock } = this.options;
    const protocols = this.protocols();
    const contexts = new Map(protocols.map((protocol) => [protocol, this.contextOf(protocol)]));
    const server = createGrpcServer({
      settings,
      protocols,
      clock,
      onReceived: this.options.onReceived ?? (() => {}),
      open: (call, protocol) => this.open(call, protocol, contexts.get(protocol) as PlanContext),
    });
    const address = await bind(server, settings.address, credentials ?? ServerCredentials.createInsecure());
    const stop = () => {
      this.stopped = this.drain(server);
    };
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
    return address;
  }

  /** Resolves when a drain that was begun has ended. */
  closed(): Promise<void> {
    return this.stopped;
  }

  /** Every stream, oldest first. */
  connections(): readonly ConnectionStatus[] {
    return [...this.streams].map((stream) => stream.status());
  }

  /** What is on its way to all clients together. */
  sending(): SendFigures {
    return this.budget.figures();
  }

  /** Resolves when no push is scheduled and nothing is on its way out: what is unsent then waits for clients. */
  async idle(): Promise<void> {
    while (!this.queue.isIdle || !this.turns.isIdle || [...this.streams].some((stream) => !stream.isIdle)) {
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  private protocols(): readonly Protocol[] {
    const { protos, identifier } = this.options;
    const controlPlane = identifier === undefined ? [] : protos.encode('envoy.config.core.v3.ControlPlane', { identifier });
    const options: ProtocolOptions = {
      decodeMessage: (typeName, bytes) => protos.decode(typeName, bytes),
      controlPlane: Buffer.from(controlPlane),
    };
    return [sotwProtocol(options), deltaProtocol(options)];
  }

  private contextOf(protocol: Protocol): PlanContext {
    const encode = protocol.encodeBody.bind(protocol);
    const batches = new BatchCache({ maxBytes: this.options.settings.sharedResponseBytes, encode });
    return { changes: this.changes, batches, news: new ResponseNews(), maxMessageBytes: this.options.settings.maxMessageBytes };
  }

  private open(call: ServerDuplexStream<Buffer, Buffer>, protocol: Protocol, context: PlanContext): void {
    const { source, clock, metrics } = this.options;
    call.on('error', () => {});
    if (this.isDraining || !source.ready()) {
      metrics.refused('not ready');
      endCall(call, status.UNAVAILABLE, 'server is not ready');
      return;
    }
    const waitMs = this.limiter.reserve();
    if (waitMs === undefined) {
      metrics.refused('rate limit');
      endCall(call, status.RESOURCE_EXHAUSTED, 'too many new streams, try again later');
    } else if (waitMs === 0) this.serve(call, protocol, context);
    else clock.setTimeout(() => this.serve(call, protocol, context), waitMs, { unref: true });
  }

  private serve(call: ServerDuplexStream<Buffer, Buffer>, protocol: Protocol, context: PlanContext): void {
    if (call.cancelled) return;
    if (this.isDraining) {
      endCall(call, status.UNAVAILABLE, 'server is shutting down');
      return;
    }
    const { source, clock, metrics, settings, log, onNack, onAck } = this.options;
    const stream = new AdsStream({
      id: `${this.idPrefix}${(this.opened++).toString(36)}`,
      call,
      protocol,
      context,
      source,
      clock,
      log: log.scoped(protocol.variant === 'delta' ? 'delta' : 'ads'),
      metrics,
      settings,
      turns: this.turns,
      budget: this.budget,
      onStale: (stale, scope) => this.queue.add(stale, scope),
      onNack: onNack ?? (() => {}),
      onAck: onAck ?? (() => {}),
      onClose: (closed) => {
        this.streams.delete(closed);
        this.queue.delete(closed);
      },
    });
    this.streams.add(stream);
  }

  /** Ends the streams one after the other, so that the fleet does not reconnect elsewhere in one instant (D5). */
  private async drain(server: Server): Promise<void> {
    const { clock, settings } = this.options;
    this.isDraining = true;
    const streams = [...this.streams];
    const stepMs = settings.drainMs / Math.max(1, streams.length);
    const beganMs = clock.now();
    for (const [position, stream] of streams.entries()) {
      const dueMs = beganMs + position * stepMs;
      const waitMs = dueMs - clock.now();
      if (waitMs > 0) await delay(clock, waitMs);
      stream.end(status.UNAVAILABLE, 'server is shutting down');
    }
    this.queue.close();
    const isShut = new AbortController();
    server.tryShutdown(() => isShut.abort());
    await delay(clock, settings.drainMs, isShut.signal);
    server.forceShutdown();
  }
}
