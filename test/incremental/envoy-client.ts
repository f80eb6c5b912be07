// What an Envoy would hold of a real mesh after the responses so far, and what it would ask for.
import type { TypeUrlName } from '../../src/envoy/type-urls.ts';
import type { Received, ScriptedClient, Send } from '../protocol/scripted-client.ts';
import type { Variant } from '../protocol/served-clients.ts';
import type { Contents } from './content.ts';

export const heldTypes = ['CDS', 'EDS', 'LDS', 'RDS', 'VHDS'] as const;
export type HeldType = (typeof heldTypes)[number];
const named = ['EDS', 'RDS'] as const;

interface Held {
  readonly content: string;
  readonly version: string;
  /** Number of the connection on which it came. */
  readonly connection: number;
}

/** A client that behaves as Envoy does: subscribes to the endpoints of its clusters and to the routes of its listeners. */
export class EnvoyClient {
  readonly held: Readonly<Record<HeldType, Map<string, Held>>> = {
    CDS: new Map(),
    EDS: new Map(),
    LDS: new Map(),
    RDS: new Map(),
    VHDS: new Map(),
  };
  readonly wanted: Readonly<Record<(typeof named)[number], Set<string>>> = { EDS: new Set(), RDS: new Set() };
  readonly problems: string[] = [];
  readonly variant: Variant;
  /** How many of the next responses are refused. */
  refuse = 0;
  /** Of this connection. */
  readonly received: Received[] = [];
  private readonly contents: Contents;
  /** Told after each response. */
  private readonly onStored: () => void;
  /** Counts connections. */
  connection = 0;
  private client: ScriptedClient | undefined;
  private last = new Map<TypeUrlName, Received>();
  private before = new Map<TypeUrlName, Received>();
  private asked = new Set<HeldType>();

  constructor(variant: Variant, contents: Contents, onStored: (client: EnvoyClient) => void) {
    this.variant = variant;
    this.contents = contents;
    this.onStored = () => onStored(this);
  }

  /** Subscribes as after a reconnection: says what it still holds. */
  connect(client: ScriptedClient): void {
    this.client = client;
    this.connection++;
    this.last = new Map();
    this.before = new Map();
    this.asked = new Set();
    this.received.length = 0;
    client.onResponse((response) => this.receive(client, response));
    for (const type of heldTypes) this.begin(type);
  }

  /** Breaks the connection and waits until that is known. */
  async disconnect(how: 'RST' | 'FIN'): Promise<void> {
    const { client } = this;
    this.client = undefined;
    client?.kill(how);
    await client?.ended;
  }

  async settled(): Promise<void> {
    await this.client?.settled();
  }

  /** Answers the response before the last one again, as a client does whose answer crossed a response. */
  answerStale(type: HeldType): void {
    const stale = this.before.get(type);
    if (stale) this.client?.ack(stale, this.names(type));
  }

  /** Asks again for what it has. */
  askAgain(type: (typeof named)[number]): void {
    if (!this.asked.has(type) || this.wanted[type].size === 0) return;
    const all = [...this.wanted[type]];
    this.send(type, this.variant === 'sotw' ? { names: all } : { sub: all });
  }

  private begin(type: HeldType): void {
    const names = type === 'EDS' || type === 'RDS' ? [...this.wanted[type]] : [];
    if (names.length === 0 && (type === 'EDS' || type === 'RDS')) return;
    if (type === 'VHDS' && !this.hasHostsApart()) return;
    this.asked.add(type);
    if (this.variant === 'sotw') this.send(type, { names });
    else this.send(type, { sub: names, irv: Object.fromEntries([...this.held[type]].map(([name, { version }]) => [name, version])) });
  }

  private send(type: HeldType, what: Send): void {
    const nonce = this.variant === 'sotw' ? (this.last.get(type)?.nonce ?? '') : '';
    this.client?.send(type, { nonce, ...what });
  }

  private names(type: HeldType): Send {
    return this.variant === 'sotw' && (type === 'EDS' || type === 'RDS') ? { names: [...this.wanted[type]] } : {};
  }

  private receive(client: ScriptedClient, response: Received): void {
    if (client !== this.client) return;
    const type = response.type as HeldType;
    this.received.push(response);
    const last = this.last.get(type);
    if (last) this.before.set(type, last);
    this.last.set(type, response);
    const all = [...response.names, ...response.removed];
    if (new Set(all).size < all.length) this.problems.push(`${type} names something twice: ${all.join(', ')}`);
    this.store(type, response);
    if (this.refuse > 0) {
      this.refuse--;
      client.nack(response, 'refused', this.names(type));
    } else client.ack(response, this.names(type));
    if (type === 'CDS') this.want('EDS', this.referred('CDS', 'endpoints'));
    if (type === 'LDS') this.want('RDS', this.referred('LDS', 'routes'));
    if (type === 'RDS' && !this.asked.has('VHDS')) this.begin('VHDS');
    this.onStored();
  }

  /** Envoy applies what it can of a refused response; here that is all of it. */
  private store(type: HeldType, response: Received): void {
    const held = this.held[type];
    if (this.variant === 'sotw' && (type === 'CDS' || type === 'LDS')) held.clear();
    for (const name of response.removed) held.delete(name);
    for (const name of response.names) {
      if ((type === 'EDS' || type === 'RDS') && !this.wanted[type].has(name)) continue;
      if (type === 'VHDS' && !this.wanted.RDS.has(tableOf(name))) continue;
      if (type === 'RDS') this.dropHosts(name);
      held.set(name, { content: response.contents[name] ?? '', version: response.versions[name] ?? '', connection: this.connection });
    }
  }

  private referred(type: 'CDS' | 'LDS', what: 'endpoints' | 'routes'): ReadonlySet<string> {
    return new Set([...this.held[type].values()].flatMap(({ content }) => this.contents.of(content)[what]));
  }

  private want(type: (typeof named)[number], names: ReadonlySet<string>): void {
    const wanted = this.wanted[type];
    const sub = [...names].filter((name) => !wanted.has(name));
    const unsub = [...wanted].filter((name) => !names.has(name));
    if (sub.length === 0 && unsub.length === 0) return;
    for (const name of sub) wanted.add(name);
    for (const name of unsub) {
      wanted.delete(name);
      this.held[type].delete(name);
      if (type === 'RDS') this.dropHosts(name);
    }
    if (!this.asked.has(type)) this.begin(type);
    else this.send(type, this.variant === 'sotw' ? { names: [...wanted] } : { sub, unsub });
  }

  /** A table that comes anew may be begun without its virtual hosts. */
  private dropHosts(table: string): void {
    for (const name of this.held.VHDS.keys()) if (tableOf(name) === table) this.held.VHDS.delete(name);
  }

  private hasHostsApart(): boolean {
    return [...this.held.RDS.values()].some(({ content }) => this.contents.of(content).hostsApart);
  }
}

/** The route table of a virtual host that comes by itself. */
export function tableOf(name: string): string {
  return name.slice(0, name.lastIndexOf('/'));
}
