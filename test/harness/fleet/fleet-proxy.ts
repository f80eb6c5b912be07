import { typeUrls } from '../../../src/envoy/type-urls.ts';
import { AdsConnection, type Pace } from './ads-connection.ts';
import { type DeltaResponse, decodeResponse, encodeRequest } from './delta-messages.ts';
import { endpointsOfCluster, leavesHostsToVhds, routesOfListener } from './resource-references.ts';

export interface FleetProxyOptions {
  /** Of the server. */
  readonly address: string;
  /** Encoded. */
  readonly node: Buffer;
  /** Fewer clusters are no configuration. */
  readonly clusters: number;
  readonly pace: Pace;
  /** The content of the endpoints with this name is kept. */
  readonly keptEndpoints?: string;
  /** Called after each response was acknowledged, with its bytes. */
  readonly onResponse?: (proxy: FleetProxy, message: Buffer) => void;
  readonly onReady?: (proxy: FleetProxy) => void;
  readonly onEnd?: (proxy: FleetProxy, status: number | undefined) => void;
}

/**
 * One sidecar: asks for clusters, for their endpoints, for listeners once all clusters are warm, then for the routes that these
 * name and, where a route says so, for virtual hosts (VHDS). Acknowledges everything, knows names only.
 */
export class FleetProxy {
  /** Responses by type URL. */
  readonly responses = new Map<string, number>();
  /** Bytes of all messages. */
  receivedBytes = 0;
  isReady = false;
  /** The last content of `keptEndpoints`. */
  kept: Buffer | undefined;
  private readonly options: FleetProxyOptions;
  private readonly connection: AdsConnection;
  /** Cluster -> name of its endpoints, undefined where it has them itself. */
  private readonly clusters = new Map<string, string | undefined>();
  private readonly listeners = new Map<string, readonly string[]>();
  private readonly endpoints: Names = { wanted: new Set(), lacking: new Set() };
  private readonly routes: Names = { wanted: new Set(), lacking: new Set() };
  private readonly asked = new Set<string>();
  private wantsHosts = false;

  constructor(options: FleetProxyOptions) {
    this.options = options;
    const { address, pace } = options;
    this.connection = new AdsConnection({
      address,
      pace,
      onMessage: (message) => this.onMessage(message),
      onEnd: (status) => options.onEnd?.(this, status),
    });
    this.connection.send(encodeRequest({ node: options.node, typeUrl: typeUrls.CDS }));
  }

  setPace(pace: Pace): void {
    this.connection.setPace(pace);
  }

  close(how: 'FIN' | 'RST' = 'FIN'): void {
    this.connection.close(how);
  }

  cancel(): void {
    this.connection.cancel();
  }

  private onMessage(message: Buffer): void {
    const response = decodeResponse(message);
    const { typeUrl, nonce } = response;
    this.receivedBytes += message.length;
    this.responses.set(typeUrl, (this.responses.get(typeUrl) ?? 0) + 1);
    this.hold(response);
    this.connection.send(encodeRequest({ typeUrl, nonce }));
    if (typeUrl === typeUrls.CDS) this.want(this.endpoints, typeUrls.EDS, this.clusters.values());
    if (typeUrl === typeUrls.LDS) this.want(this.routes, typeUrls.RDS, [...this.listeners.values()].flat());
    this.goOn();
    this.options.onResponse?.(this, message);
  }

  private hold({ typeUrl, resources, removed }: DeltaResponse): void {
    for (const { name, body } of resources) {
      if (typeUrl === typeUrls.CDS) this.clusters.set(name, endpointsOfCluster(name, body));
      else if (typeUrl === typeUrls.LDS) this.listeners.set(name, routesOfListener(body));
      else if (typeUrl === typeUrls.EDS) {
        this.endpoints.lacking.delete(name);
        if (name === this.options.keptEndpoints) this.kept = Buffer.from(body);
      } else if (typeUrl === typeUrls.RDS) {
        this.routes.lacking.delete(name);
        this.wantsHosts ||= leavesHostsToVhds(body);
      }
    }
    for (const name of removed) {
      this.clusters.delete(typeUrl === typeUrls.CDS ? name : '');
      this.listeners.delete(typeUrl === typeUrls.LDS ? name : '');
    }
  }

  /** Asks for the names that are new, and no longer for those that went. */
  private want(names: Names, typeUrl: string, now: Iterable<string | undefined>): void {
    const wanted = new Set<string>();
    for (const name of now) if (name !== undefined) wanted.add(name);
    const subscribe = [...wanted].filter((name) => !names.wanted.has(name));
    const unsubscribe = [...names.wanted].filter((name) => !wanted.has(name));
    names.wanted = wanted;
    for (const name of subscribe) names.lacking.add(name);
    for (const name of unsubscribe) names.lacking.delete(name);
    if (subscribe.length + unsubscribe.length > 0) this.connection.send(encodeRequest({ typeUrl, subscribe, unsubscribe }));
  }

  private goOn(): void {
    if (this.isReady || this.clusters.size < this.options.clusters || this.endpoints.lacking.size > 0) return;
    this.askOnce(typeUrls.LDS);
    if (!this.responses.has(typeUrls.LDS) || this.routes.lacking.size > 0) return;
    if (this.wantsHosts) this.askOnce(typeUrls.VHDS);
    if (this.wantsHosts && !this.responses.has(typeUrls.VHDS)) return;
    this.isReady = true;
    this.options.onReady?.(this);
  }

  private askOnce(typeUrl: string): void {
    if (this.asked.has(typeUrl)) return;
    this.asked.add(typeUrl);
    this.connection.send(encodeRequest({ typeUrl }));
  }
}

/** Resources of one type that are asked for by name. */
interface Names {
  wanted: ReadonlySet<string>;
  /** Not seen yet. */
  readonly lacking: Set<string>;
}
