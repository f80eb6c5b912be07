// What an Envoy would hold after the responses so far: the reference that the server's truth is compared with.
import type { TypeUrlName } from '../../src/envoy/type-urls.ts';
import type { Received, ScriptedClient } from './scripted-client.ts';

export const modelTypes = ['CDS', 'EDS', 'LDS', 'RDS'] as const;
export type ModelType = (typeof modelTypes)[number];

interface Held {
  readonly content: string;
  readonly version: string;
}

export class EnvoyModel {
  /** Kept over reconnections. */
  readonly held: Readonly<Record<ModelType, Map<string, Held>>> = { CDS: new Map(), EDS: new Map(), LDS: new Map(), RDS: new Map() };
  readonly wanted: Readonly<Record<'EDS' | 'RDS', Set<string>>> = { EDS: new Set(), RDS: new Set() };
  /** How many of the next responses are refused. */
  refuse = 0;
  private readonly variant: 'sotw' | 'delta';
  private client: ScriptedClient | undefined;
  private readonly onResponse: (response: Received) => void;
  private readonly last = new Map<TypeUrlName, Received>();
  private readonly asked = new Set<TypeUrlName>();

  constructor(variant: 'sotw' | 'delta', onResponse: (response: Received) => void = () => {}) {
    this.variant = variant;
    this.onResponse = onResponse;
  }

  /** Subscribes as after a reconnection: says what it still holds. */
  connect(client: ScriptedClient): void {
    this.client = client;
    this.last.clear();
    this.asked.clear();
    client.onResponse((response) => this.receive(client, response));
    for (const type of modelTypes) this.request(type);
  }

  want(type: 'EDS' | 'RDS', name: string, isWanted: boolean): void {
    const names = this.wanted[type];
    if (names.has(name) === isWanted) return;
    if (isWanted) names.add(name);
    else {
      names.delete(name);
      this.held[type].delete(name);
    }
    if (this.variant === 'sotw' || !this.asked.has(type)) this.request(type);
    else this.client?.send(type, isWanted ? { sub: [name] } : { unsub: [name] });
  }

  private request(type: ModelType): void {
    const names = this.names(type);
    const last = this.last.get(type);
    if (this.variant === 'sotw') this.client?.send(type, { names, nonce: last?.nonce ?? '' });
    else if (type === 'CDS' || type === 'LDS' || names.length > 0) {
      this.client?.send(type, { sub: names, irv: Object.fromEntries([...this.held[type]].map(([name, { version }]) => [name, version])) });
    } else return;
    this.asked.add(type);
  }

  private names(type: ModelType): readonly string[] {
    return type === 'EDS' || type === 'RDS' ? [...this.wanted[type]] : [];
  }

  private receive(client: ScriptedClient, response: Received): void {
    if (client !== this.client) return;
    const type = response.type as ModelType;
    this.last.set(type, response);
    const names = this.variant === 'sotw' ? { names: this.names(type) } : {};
    if (this.refuse > 0) {
      this.refuse--;
      client.nack(response, 'refused', names);
    } else client.ack(response, names);
    this.store(type, response);
    this.onResponse(response);
  }

  /** Envoy applies what it can of a refused response; here that is all of it. */
  private store(type: ModelType, response: Received): void {
    const held = this.held[type];
    if (this.variant === 'sotw' && (type === 'CDS' || type === 'LDS')) held.clear();
    for (const name of response.removed) held.delete(name);
    for (const name of response.names) {
      const isNamed = type === 'EDS' || type === 'RDS';
      if (isNamed && !this.wanted[type].has(name)) continue;
      held.set(name, { content: response.contents[name] ?? '', version: response.versions[name] ?? '' });
    }
  }
}
