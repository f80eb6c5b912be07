import { EventEmitter } from 'node:events';
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Consul from 'consul';
import type { Clock } from '../../lib/clock.ts';
import { onAbort } from '../../lib/on-abort.ts';
import { checkHeaders, type Headers, indexOf, lastContactMs } from './answer-headers.ts';
import type { ConsulCredentials } from './consul-credentials.ts';
import { ConsulFailure, failureOfStatus } from './consul-failure.ts';
import { type CatalogNames, type ConsulCheck, readChecks, readNames, readService, type ServiceAnswer } from './consul-payloads.ts';
import type { ConsulConnection } from './consul-settings.ts';

/** A trustworthy answer, and the index that it is the state of. */
export interface Answer<T> {
  readonly index: number;
  readonly body: T;
}

export interface Question {
  readonly signal: AbortSignal;
  /** Waits until there is something newer; answers at once where unset or 0. */
  readonly index?: number;
  /** Asks the leader whatever the settings say. */
  readonly fresh?: boolean;
}

export interface ConsulClientOptions {
  readonly connection: ConsulConnection;
  readonly credentials: ConsulCredentials;
  readonly clock: Clock;
  /** Sockets at once; further requests wait for a free one. */
  readonly maxSockets: number;
  readonly onRequest: () => void;
}

const plainTimeoutMs = 10_000;
/** On top of the sixteenth of the wait by which Consul itself answers later. */
const graceMs = 5_000;

/** The calls that a registry makes, over connections that are kept. Every call rejects with a `ConsulFailure` unless its answer can be believed. */
export class ConsulClient {
  private readonly connection: ConsulConnection;
  private readonly clock: Clock;
  private readonly agent: HttpAgent;
  private readonly consul: Consul;
  private readonly onRequest: () => void;
  private token: string | undefined;

  constructor({ connection, credentials, clock, maxSockets, onRequest }: ConsulClientOptions) {
    this.connection = connection;
    this.onRequest = onRequest;
    this.clock = clock;
    this.token = credentials.token;
    const { scheme, host, port, tlsServerName } = connection;
    const { ca, cert, key } = credentials;
    const kept = { keepAlive: true, maxSockets, maxFreeSockets: maxSockets };
    const tls = { ...(ca === undefined ? {} : { ca }), ...(cert === undefined ? {} : { cert }), ...(key === undefined ? {} : { key }) };
    const name = tlsServerName === undefined ? {} : { servername: tlsServerName };
    this.agent = scheme === 'https' ? new HttpsAgent({ ...kept, ...tls, ...name }) : new HttpAgent(kept);
    this.consul = new Consul({ host: host.includes(':') ? `[${host}]` : host, port, secure: scheme === 'https', agent: this.agent });
    extend(this.consul, connection);
  }

  /** The next request carries it. */
  setToken(token: string | undefined): void {
    this.token = token;
  }

  names(question: Question): Promise<Answer<CatalogNames>> {
    return this.ask('catalog/services', question, readNames, (options) => this.consul.catalog.service.list(options));
  }

  checks(question: Question): Promise<Answer<readonly ConsulCheck[]>> {
    return this.ask('health/state/any', question, readChecks, (options) => this.consul.health.state({ ...options, state: 'any' }));
  }

  service(name: string, question: Question): Promise<Answer<ServiceAnswer>> {
    return this.ask(`health/service/${name}`, question, readService, (options) =>
      this.consul.health.service({ ...options, service: name }),
    );
  }

  /** Ends every connection; what is under way fails. */
  close(): void {
    this.agent.destroy();
  }

  private async ask<T>(what: string, question: Question, read: (body: unknown) => T, call: Call): Promise<Answer<T>> {
    const { consistency, maxStaleMs, acceptFiltered } = this.connection;
    const isStale = consistency === 'stale' && question.fresh !== true;
    const response = await this.send(what, question, isStale, call);
    // An answer of a server that has lost touch with its leader is worth less than the question: the leader is asked instead.
    if (isStale && lastContactMs(response.headers) > maxStaleMs) return this.ask(what, { ...question, fresh: true }, read, call);
    checkHeaders(response.headers, what, acceptFiltered);
    try {
      return { index: indexOf(response.headers), body: read(response.body) };
    } catch (error) {
      throw new ConsulFailure('broken', `${what}: ${messageOf(error)}`);
    }
  }

  private async send(what: string, question: Question, isStale: boolean, call: Call): Promise<ConsulResponse> {
    const { datacenter, partition, waitMs, consistency } = this.connection;
    const isBlocking = question.index !== undefined && question.index > 0;
    const context = Object.assign(new EventEmitter(), { includeResponse: true });
    let hasTimedOut = false;
    const cancelTimer = this.clock.setTimeout(
      () => {
        hasTimedOut = true;
        context.emit('cancel');
      },
      isBlocking ? waitMs + waitMs / 16 + graceMs : plainTimeoutMs,
    );
    const cancel = () => context.emit('cancel');
    try {
      question.signal.throwIfAborted();
      onAbort(question.signal, cancel);
      this.onRequest();
      const result = await call({
        ctx: context,
        ...(this.token === undefined ? {} : { token: this.token }),
        ...(datacenter === undefined ? {} : { dc: datacenter }),
        ...(partition === undefined ? {} : { partition }),
        ...(isBlocking ? { index: String(question.index), wait: `${waitMs}ms` } : {}),
        ...(isStale ? { stale: true } : {}),
        ...(consistency === 'consistent' ? { consistent: true } : {}),
      });
      return (result as unknown as readonly [ConsulResponse])[0];
    } catch (error) {
      if (hasTimedOut) throw new ConsulFailure('unreachable', `${what}: no answer in time`);
      throw failureOf(what, error);
    } finally {
      cancelTimer();
      question.signal.removeEventListener('abort', cancel);
    }
  }
}

type Call = (options: CallOptions) => Promise<unknown>;

/** What the package takes beyond what it declares. */
interface CallOptions {
  readonly ctx: EventEmitter;
  readonly token?: string;
  readonly dc?: string;
  readonly partition?: string;
  readonly index?: string;
  readonly wait?: string;
  readonly stale?: boolean;
  readonly consistent?: boolean;
}

interface ConsulResponse {
  readonly headers: Headers;
  readonly statusCode?: number;
  readonly body?: unknown;
}

/** The hooks of the package's HTTP client, which it does not declare. */
interface Extensible {
  _ext(event: 'onCreate' | 'onRequest', hook: (request: PendingRequest, next: () => void) => void): void;
}

interface PendingRequest {
  readonly opts: { readonly query: Record<string, string> };
  readonly req: { hostname: string };
  transport: { request: (options: object) => ClientRequest };
}

/** Adds the namespace of Consul Enterprise, IPv6 hosts, and an error where a body ends before its end: the package would wait for it. */
function extend(consul: Consul, { namespace, host }: ConsulConnection): void {
  const client = consul as unknown as Extensible;
  client._ext('onCreate', ({ opts }, next) => {
    if (namespace !== undefined) opts.query['ns'] = namespace;
    next();
  });
  client._ext('onRequest', (pending, next) => {
    const { transport } = pending;
    pending.req.hostname = host;
    pending.transport = {
      request: (options) => {
        const request = transport.request(options);
        request.on('response', (response: IncomingMessage) => {
          response.on('close', () => {
            if (!response.complete) request.emit('error', new Error('the answer was cut short'));
          });
        });
        return request;
      },
    };
    next();
  });
}

function failureOf(what: string, error: unknown): ConsulFailure {
  const response = (error as { readonly response?: ConsulResponse }).response;
  const status = response?.statusCode;
  if (status === undefined) return new ConsulFailure('unreachable', `${what}: ${reasonOf(error)}`, { cause: error });
  if (status === 200) return new ConsulFailure('broken', `${what}: the answer was cut short or is no JSON`, { cause: error });
  return failureOfStatus(status, what, typeof response?.body === 'string' ? response.body.trim() : '');
}

/** `ECONNREFUSED`, or TLS's own words. */
function reasonOf(error: unknown): string {
  const { code, errors } = error as { readonly code?: unknown; readonly errors?: readonly unknown[] };
  if (Array.isArray(errors) && errors.length > 0) return reasonOf(errors[0]);
  const message = messageOf(error).replace(/^(consul: )+([\w.]+: )?/, '');
  return typeof code === 'string' && !message.includes(code) ? `${message} (${code})` : message;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
