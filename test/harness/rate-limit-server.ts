import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';

interface RateLimitRequest {
  readonly domain?: string;
  readonly descriptors?: readonly { readonly entries?: readonly { readonly key?: string; readonly value?: string }[] }[];
}

/** A small rate limit service: `key=value,key=value` of a descriptor may be asked about so often, others without end. */
export class RateLimitServer {
  readonly port: number;
  /** What was asked about, in the order of asking. */
  readonly asked: { readonly domain: string; readonly descriptors: readonly string[] }[] = [];
  private readonly server: Server;
  private readonly limits = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  private constructor(server: Server, port: number) {
    this.server = server;
    this.port = port;
  }

  static async start(protos: EnvoyProtos): Promise<RateLimitServer> {
    const server = new Server();
    const held: { service?: RateLimitServer } = {};
    server.addService(protos.service('envoy.service.ratelimit.v3.RateLimitService'), {
      shouldRateLimit: (call: ServerUnaryCall<RateLimitRequest, object>, respond: sendUnaryData<object>) =>
        respond(null, held.service?.answer(call.request) ?? {}),
    });
    const port = await new Promise<number>((resolve, reject) => {
      server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
    });
    held.service = new RateLimitServer(server, port);
    return held.service;
  }

  /** Forgets what was counted. */
  limit(limits: Readonly<Record<string, number>>): void {
    this.limits.clear();
    this.counts.clear();
    this.asked.length = 0;
    for (const [descriptor, limit] of Object.entries(limits)) this.limits.set(descriptor, limit);
  }

  stop(): void {
    this.server.forceShutdown();
  }

  private answer({ domain = '', descriptors = [] }: RateLimitRequest): object {
    const texts = descriptors.map(({ entries = [] }) => entries.map(({ key, value }) => `${key}=${value}`).join());
    this.asked.push({ domain, descriptors: texts });
    const statuses = texts.map((text) => this.count(text));
    const isOver = statuses.some(({ code }) => code === 'OVER_LIMIT');
    return {
      overall_code: isOver ? 'OVER_LIMIT' : 'OK',
      statuses,
      response_headers_to_add: [{ key: 'x-limited-by', value: 'the-service' }],
    };
  }

  private count(text: string): { readonly code: string } {
    const limit = this.limits.get(text);
    if (limit === undefined) return { code: 'OK' };
    const count = (this.counts.get(text) ?? 0) + 1;
    this.counts.set(text, count);
    const current = { current_limit: { requests_per_unit: limit, unit: 'MINUTE' }, limit_remaining: Math.max(0, limit - count) };
    return { code: count > limit ? 'OVER_LIMIT' : 'OK', ...current };
  }
}
