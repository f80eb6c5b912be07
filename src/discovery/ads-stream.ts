import { type ServerDuplexStream, status } from '@grpc/grpc-js';
import { typeUrls } from '../envoy/type-urls.ts';
import type { CancelTimer, Clock } from '../lib/clock.ts';
import type { Logger } from '../lib/log.ts';
import { askForHeld, unsettledHolders } from './ask-for-held.ts';
import type { Batch } from './batch.ts';
import type { ChangeWave } from './change-wave.ts';
import { type ConnectionStatus, watchStatus } from './connection-status.ts';
import type { DiscoveryMetrics } from './discovery-metrics.ts';
import type { DiscoverySettings } from './discovery-settings.ts';
import { endCall, resetCall } from './end-call.ts';
import { stringField } from './protobuf-fields.ts';
import type { DiscoveryRequestBase, PlanContext, Protocol } from './protocol.ts';
import { hasBusiness, holdEndsAtMs, isConverged } from './push-order.ts';
import type { Pushable, PushScope } from './push-queue.ts';
import { pushRound, warmUnanswered } from './push-round.ts';
import type { ProxyHandle, ResourceSource } from './resource-source.ts';
import { pushPosition, resourceType } from './resource-types.ts';
import type { SendBudget, SendShare } from './send-budget.ts';
import { StreamProgress } from './stream-progress.ts';
import { StreamWriter } from './stream-writer.ts';
import type { Line, Turns } from './turns.ts';
import { Watch } from './watch.ts';

/** A stream that has been connected for less is a newcomer: a storm of connects is over by then. */
const newcomerMs = 60_000;
/** Field of the nonce, the same in both response messages. */
const nonceField = 5;

export interface AdsStreamOptions {
  /** Unique among all streams of all replicas: nonces begin with it. */
  readonly id: string;
  readonly call: ServerDuplexStream<Buffer, Buffer>;
  readonly protocol: Protocol;
  readonly context: PlanContext;
  readonly source: ResourceSource;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: DiscoveryMetrics;
  readonly settings: Pick<DiscoverySettings, 'sendDeadlineMs' | 'maxHoldMs' | 'removalLingerMs' | 'firstRequestDeadlineMs'>;
  readonly turns: Turns;
  readonly budget: SendBudget;
  /** Some view of this stream's proxy may have changed. */
  readonly onStale: (stream: Pushable, scope: PushScope) => void;
  readonly onNack: (nodeId: string, typeUrl: string, names: readonly string[], message: string) => void;
  readonly onAck: (nodeId: string, typeUrl: string, names: () => readonly string[]) => void;
  readonly onClose: (stream: AdsStream) => void;
}

/** One ADS stream of one proxy, whichever the variant: takes its requests in and keeps it up to date. */
export class AdsStream implements Pushable {
  private readonly options: AdsStreamOptions;
  private readonly writer: StreamWriter;
  private readonly share: SendShare;
  /** Requests that have come and wait for their turn. */
  private readonly inbox: Buffer[] = [];
  private isPaused = false;
  private line: Line = 'new';
  private readonly connectedAt: number;
  private watches: ReadonlyMap<string, Watch> = new Map();
  private proxy: ProxyHandle | undefined;
  private nonces = 0;
  private received = 0;
  private isClosed = false;
  private readonly progress: StreamProgress;
  /** Of the one timer that waits: for the first request, later for the end of a hold. */
  private cancelWait: CancelTimer | undefined;

  constructor(options: AdsStreamOptions) {
    const { call, clock, settings } = options;
    this.options = options;
    this.connectedAt = clock.now();
    this.progress = new StreamProgress(options);
    this.share = options.budget.open(() => options.turns.later(this.line, () => this.onAdmitted()));
    this.writer = new StreamWriter({
      call,
      clock,
      share: this.share,
      onWritten: (tookMs) => options.metrics.written(tookMs),
      deadlineMs: settings.sendDeadlineMs,
      onRoom: () => options.turns.run(this.line, () => this.guard(() => this.advance())),
      onTimeout: () => this.guard(() => this.onSendTimeout()),
    });
    this.cancelWait = clock.setTimeout(() => this.onNoRequest(), settings.firstRequestDeadlineMs, { unref: true });
    call.on('data', (bytes: Buffer) => this.receive(bytes));
    call.on('end', () => this.guard(() => this.end(status.OK, 'OK')));
    call.on('cancelled', () => this.close());
    call.on('error', () => this.close());
  }

  get isNewcomer(): boolean {
    return this.options.clock.now() - this.connectedAt < newcomerMs;
  }

  /** Sends what changed, as the schedule has come round to this stream. */
  push(scope: PushScope, wave: ChangeWave): void {
    this.guard(() => {
      if (this.isClosed) return;
      this.progress.begun(scope, wave);
      this.round(scope);
    });
  }

  end(code: status, details: string): void {
    if (this.isClosed) return;
    this.close();
    if (code === status.OK) this.options.call.end();
    else endCall(this.options.call, code, details);
  }

  /** Nothing on its way to the transport, and nothing to send but what waits for an answer of the client. */
  get isIdle(): boolean {
    return this.writer.isIdle && this.inbox.length === 0 && !this.progress.isStale;
  }

  status(): ConnectionStatus {
    return {
      id: this.options.id,
      nodeId: this.proxy?.nodeId ?? '',
      variant: this.options.protocol.variant,
      peer: this.options.call.getPeer(),
      connectedAt: this.connectedAt,
      requestsReceived: this.received,
      responsesSent: this.nonces,
      watches: [...this.watches.values()].map(watchStatus),
    };
  }

  /** One request at a time: a client that sends many waits for itself, not others for it. */
  private receive(bytes: Buffer): void {
    this.inbox.push(bytes);
    if (this.inbox.length > 1) return;
    this.options.turns.run(this.line, () => this.takeRequest());
    if (this.inbox.length === 0 || this.isPaused) return;
    this.isPaused = true;
    this.options.call.pause();
  }

  private takeRequest(): void {
    const bytes = this.inbox.shift();
    if (bytes) this.guard(() => this.onRequest(bytes));
    if (this.isClosed) this.inbox.length = 0;
    if (this.inbox.length > 0) this.options.turns.later(this.line, () => this.takeRequest());
    else if (this.isPaused) {
      this.isPaused = false;
      this.options.call.resume();
    }
  }

  private onAdmitted(): void {
    this.guard(() => this.advance());
    this.share.passOn();
  }

  private onRequest(bytes: Buffer): void {
    if (this.isClosed) return;
    this.received++;
    let request: DiscoveryRequestBase;
    try {
      request = this.options.protocol.decodeRequest(bytes);
    } catch {
      this.end(status.INVALID_ARGUMENT, 'the request is not a valid message');
      return;
    }
    if (request.typeUrl === typeUrls.HEALTH) return;
    this.proxy ??= this.admit(request);
    if (this.proxy) this.take(request, this.proxy);
  }

  private admit(request: DiscoveryRequestBase): ProxyHandle | undefined {
    if (!request.node?.id) {
      this.options.metrics.refused('invalid node');
      this.end(status.INVALID_ARGUMENT, 'missing node information');
      return undefined;
    }
    const admitted = this.options.source.admit(request.node, this.options.protocol.variant);
    if ('refused' in admitted) {
      this.options.metrics.refused('invalid node');
      this.end(status.INVALID_ARGUMENT, admitted.refused);
      return undefined;
    }
    admitted.onStale((typeUrl) => {
      if (this.isClosed) return;
      const scope = typeUrl !== undefined && resourceType(typeUrl).overtakes ? 'overtaking' : 'all';
      this.progress.stale(scope);
      this.options.onStale(this, scope);
    });
    this.cancelWait?.();
    this.options.log.debug({ node: admitted.nodeId, peer: this.options.call.getPeer() }, 'proxy connected');
    return admitted;
  }

  private take(request: DiscoveryRequestBase, proxy: ProxyHandle): void {
    const { protocol, context } = this.options;
    const known = this.watches.get(request.typeUrl);
    if (known) this.answer(known, request);
    const watch = known ?? this.begin(request, proxy);
    if (!watch) return;
    protocol.subscribe(watch, request, { changes: context.changes, isFirst: watch !== known });
    if (watch === known) {
      this.advance();
      return;
    }
    warmUnanswered(watch, this.watches);
    if (watch.holders) askForHeld(watch, unsettledHolders(watch.holders), context.changes);
    // The proxy may have been given other views as this one was looked up: what the old ones say can be read in this turn alone.
    this.round();
  }

  /** The first request of a type; a type that is not served is passed over in silence, and leaves nothing behind (X28). */
  private begin(request: DiscoveryRequestBase, proxy: ProxyHandle): Watch | undefined {
    const type = resourceType(request.typeUrl);
    if (this.options.protocol.asksNothing(request, type)) return undefined;
    const view = proxy.view(request.typeUrl);
    if (!view) return undefined;
    const watch = new Watch(type, view, this.options.protocol.variant);
    const watches = [...this.watches.values(), watch].sort((a, b) => pushPosition(a.type.url) - pushPosition(b.type.url));
    this.watches = new Map(watches.map((each) => [each.type.url, each]));
    for (const each of watches) each.holders = this.watches.get(each.type.heldBy ?? '');
    return watch;
  }

  /** What the nonce says about an earlier response. The rest of the request counts in any case. */
  private answer(watch: Watch, request: DiscoveryRequestBase): void {
    const { metrics, log } = this.options;
    if (request.nonce === '') return;
    if (request.nonce !== watch.sentNonce) {
      metrics.nonceExpired(watch.type.short);
      return;
    }
    this.progress.answered(watch.type.short);
    const response = watch.settle(request.error);
    if (!response) return;
    if (request.error === undefined) {
      this.options.onAck(this.proxy?.nodeId ?? '', watch.type.url, () => [
        ...response.resources.map(({ name }) => name),
        ...response.removed,
      ]);
      return;
    }
    const names = response.resources.map((resource) => resource.name);
    metrics.rejected(watch.type.short);
    log.warn({ node: this.proxy?.nodeId, type: watch.type.short, error: request.error, names: names.slice(0, 20) }, 'response refused');
    this.options.onNack(this.proxy?.nodeId ?? '', watch.type.url, names, request.error);
  }

  /** Goes on after a request or a finished write; reads the views only where there is something to send. */
  private advance(): void {
    if (this.isClosed) return;
    if (hasBusiness(this.watches)) this.round();
    else this.look();
  }

  private round(scope: PushScope = 'all'): void {
    const { protocol, context, clock, settings, metrics, log } = this.options;
    const { proxy, watches } = this;
    if (!proxy) return;
    let sinceMs = clock.now();
    const isKnown = pushRound({
      watches,
      scope,
      isStale: this.progress.isStale,
      protocol,
      context,
      nowMs: sinceMs,
      maxHoldMs: settings.maxHoldMs,
      lingerMs: settings.removalLingerMs,
      viewOf: (typeUrl) => proxy.view(typeUrl),
      hasRoom: () => this.writer.hasRoom,
      admits: (bytes) => this.share.admits(bytes),
      send: (watch, batch) => {
        this.send(watch, batch, sinceMs);
        sinceMs = clock.now();
      },
      onFailure: (watch, error) => {
        metrics.sourceFailed(watch.type.short);
        log.error({ node: proxy.nodeId, type: watch.type.short, error: String(error) }, 'resources could not be read');
      },
    });
    if (!isKnown) {
      this.end(status.UNAVAILABLE, 'too far behind, reconnect to continue');
      return;
    }
    this.awaitHeld();
    this.look();
  }

  /** Listeners come after clusters and endpoints: who has them all is configured, but for route tables. */
  private look(): void {
    this.progress.look(this.watches);
    if (this.line === 'new' && this.watches.has(typeUrls.LDS) && isConverged(this.watches)) this.line = 'configured';
  }

  private send(watch: Watch, batch: Batch, sinceMs: number): void {
    const nonce = `${this.options.id}-${++this.nonces}`;
    watch.sentNonce = nonce;
    watch.sentVersion = batch.version;
    const head = stringField(nonceField, nonce);
    const { metrics, clock } = this.options;
    metrics.pushed(watch.type.short, head.length + batch.bytes);
    this.writer.write(head, { parts: batch.body, bytes: batch.bytes });
    metrics.madeIn(watch.type.short, clock.now() - sinceMs);
  }

  private awaitHeld(): void {
    this.cancelWait?.();
    this.cancelWait = undefined;
    const { clock, settings, turns } = this.options;
    const endMs = holdEndsAtMs(this.watches, { maxHoldMs: settings.maxHoldMs, lingerMs: settings.removalLingerMs });
    if (endMs === undefined) return;
    // The holds of all streams end at once where one change began them.
    const onEnd = () => turns.run(this.line, () => this.guard(() => this.onHeldLong()));
    this.cancelWait = clock.setTimeout(onEnd, Math.max(0, endMs - clock.now()), { unref: true });
  }

  private onHeldLong(): void {
    if (!this.isClosed) this.round();
  }

  private onNoRequest(): void {
    this.end(status.DEADLINE_EXCEEDED, 'no first request');
  }

  private onSendTimeout(): void {
    this.options.metrics.writeTimedOut();
    this.close();
    resetCall(this.options.call, status.UNAVAILABLE, 'the client does not read');
  }

  /** A throw in a listener would end the process (D6); it ends this stream instead. */
  private guard(step: () => void): void {
    try {
      step();
    } catch (error) {
      this.options.log.error({ node: this.proxy?.nodeId, error: String(error) }, 'stream failed');
      this.end(status.INTERNAL, 'internal error');
    }
  }

  private close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.writer.close();
    this.share.close();
    this.progress.end();
    this.cancelWait?.();
    this.options.onClose(this);
    try {
      this.proxy?.close();
    } catch (error) {
      this.options.log.error({ node: this.proxy?.nodeId, error: String(error) }, 'proxy could not be forgotten');
    }
  }
}
