// A raw xDS client that does only what the script says: nothing is acknowledged unless the case does it.
import type { StatusObject } from '@grpc/grpc-js';
import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import type { ClientCall } from './client-call.ts';

/** What a case says about a request; the rest is empty. */
export interface Send {
  /** State of the world: the whole list. */
  readonly names?: readonly string[];
  readonly sub?: readonly string[];
  readonly unsub?: readonly string[];
  /** `initial_resource_versions`. */
  readonly irv?: Readonly<Record<string, string>>;
  readonly nonce?: string;
  /** `error_detail.message`. */
  readonly err?: string;
  readonly version?: string;
  readonly node?: object | null;
}

/** A response of either variant. */
export interface Received {
  readonly typeUrl: string;
  readonly type: TypeUrlName;
  readonly nonce: string;
  readonly version: string;
  /** In the order of the response. */
  readonly names: readonly string[];
  /** Name -> content. */
  readonly contents: Readonly<Record<string, string>>;
  /** Delta only: name -> version. */
  readonly versions: Readonly<Record<string, string>>;
  readonly removed: readonly string[];
}

export interface AnyMessage {
  readonly type_url: string;
  readonly value: Buffer;
}

export interface ResponseMessage {
  readonly type_url: string;
  readonly nonce: string;
  readonly version_info?: string;
  readonly system_version_info?: string;
  readonly resources: readonly (AnyMessage | { readonly name: string; readonly version: string; readonly resource: AnyMessage })[];
  readonly removed_resources?: readonly string[];
}

export interface ScriptedClientOptions {
  readonly call: ClientCall<ResponseMessage>;
  readonly nodeId: string;
  /** The node of the first request; that has only its id where this is absent. */
  readonly node?: object;
  /** Name and content of a resource's bytes. */
  readonly read?: (message: AnyMessage) => readonly [name: string, content: string];
  /** Resolves when the server has dealt with everything that was sent to it, and what it wrote has left. */
  readonly serverIdle: (nodeId: string) => Promise<{ readonly requests: number; readonly responses: number }>;
}

const patienceMs = 20_000;

export class ScriptedClient {
  readonly nodeId: string;
  /** Every response so far, in order. */
  readonly all: Received[] = [];
  /** The status that ended the stream. */
  readonly ended: Promise<StatusObject>;
  private readonly options: ScriptedClientOptions;
  private readonly taken = new Set<Received>();
  private sent = 0;
  private end: StatusObject | undefined;
  private wake: () => void = () => {};
  private automatic: ((response: Received) => void) | undefined;

  constructor(options: ScriptedClientOptions) {
    this.options = options;
    this.nodeId = options.nodeId;
    options.call.onMessage((message) => this.receive(message));
    this.ended = options.call.status;
    void this.ended.then((end) => {
      this.end = end;
      this.wake();
    });
  }

  send(type: TypeUrlName | (string & {}), what: Send = {}): void {
    const node = what.node === undefined && this.sent === 0 ? (this.options.node ?? { id: this.nodeId }) : what.node;
    this.sent++;
    this.options.call.write({
      node: node ?? undefined,
      type_url: (typeUrls as Readonly<Record<string, string>>)[type] ?? type,
      response_nonce: what.nonce ?? '',
      error_detail: what.err === undefined ? undefined : { code: 3, message: what.err },
      version_info: what.version,
      resource_names: what.names,
      resource_names_subscribe: what.sub,
      resource_names_unsubscribe: what.unsub,
      initial_resource_versions: what.irv,
    });
  }

  ack(response: Received, what: Send = {}): void {
    this.send(response.type, { nonce: response.nonce, version: response.version, ...what });
  }

  nack(response: Received, err: string, what: Send = {}): void {
    this.send(response.type, { nonce: response.nonce, err, ...what });
  }

  /** The oldest response of the type that no earlier `expect` took. */
  async expect(type: TypeUrlName): Promise<Received> {
    const response = await this.until(() => this.untaken(type)[0], `a response of type ${type}`);
    this.taken.add(response);
    return response;
  }

  /** `expect`, and acknowledges; state of the world repeats the names. */
  async expectAck(type: TypeUrlName, what: Send = {}): Promise<Received> {
    const response = await this.expect(type);
    this.ack(response, what);
    return response;
  }

  /** Proves that the server has nothing more to say about the type, without waiting for time to pass. */
  async expectSilence(type?: TypeUrlName): Promise<void> {
    await this.settled();
    const unexpected = type ? this.untaken(type) : this.all.filter((response) => !this.taken.has(response));
    if (unexpected.length > 0) throw new Error(`expected silence, got ${JSON.stringify(unexpected)}`);
  }

  /** Everything sent was dealt with by the server, and everything the server said has arrived. */
  async settled(): Promise<void> {
    for (;;) {
      const before = this.sent;
      const { requests, responses } = await this.options.serverIdle(this.nodeId);
      if (requests >= before && this.all.length >= responses && this.sent === before) return;
      if (this.end) throw new Error(`the stream has ended: ${this.end.code} ${this.end.details}`);
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  /** Shows every response as it comes. */
  onResponse(listener: (response: Received) => void): void {
    this.automatic = listener;
  }

  /** From now on every response is acknowledged as it comes, then shown to `then`. */
  acknowledge(names: Partial<Record<TypeUrlName, readonly string[]>> = {}, then: (response: Received) => void = () => {}): void {
    this.automatic = (response) => {
      const list = names[response.type];
      this.ack(response, list ? { names: list } : {});
      then(response);
    };
    for (const response of this.all) if (!this.taken.has(response)) this.automatic(response);
  }

  stall(): void {
    this.options.call.pause();
  }

  resume(): void {
    this.options.call.resume();
  }

  /** Resets the stream, half closes it, or stops the client's process as it is (only where it has one of its own). */
  kill(how: 'RST' | 'FIN' | 'STOP'): void {
    if (how === 'RST') this.options.call.cancel();
    else if (how === 'FIN') this.options.call.end();
    else this.options.call.stop();
  }

  /** Waits for a condition that a response or the end of the stream brings about. */
  async until<T>(look: () => T | undefined, what: string): Promise<T> {
    const end = Date.now() + patienceMs;
    for (;;) {
      const found = look();
      if (found !== undefined) return found;
      if (this.end) throw new Error(`the stream ended before ${what}: ${this.end.code} ${this.end.details}`);
      if (Date.now() > end) throw new Error(`no ${what} within ${patienceMs} ms; got ${JSON.stringify(this.all.slice(-5))}`);
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, end - Date.now());
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  }

  private untaken(type: TypeUrlName): Received[] {
    return this.all.filter((response) => response.type === type && !this.taken.has(response));
  }

  private receive(message: ResponseMessage): void {
    const response = readResponse(message, this.options.read ?? readFields);
    this.all.push(response);
    this.automatic?.(response);
    this.wake();
  }
}

function readResponse(message: ResponseMessage, read: NonNullable<ScriptedClientOptions['read']>): Received {
  const names: string[] = [];
  const contents: Record<string, string> = {};
  const versions: Record<string, string> = {};
  for (const entry of message.resources) {
    const [name, content] = read('resource' in entry ? entry.resource : entry);
    names.push(name);
    contents[name] = content;
    if ('resource' in entry) {
      if (entry.name !== name) throw new Error(`entry ${entry.name} holds ${name}`);
      versions[name] = entry.version;
    }
  }
  return {
    typeUrl: message.type_url,
    type: (Object.keys(typeUrls) as TypeUrlName[]).find((type) => typeUrls[type] === message.type_url) as TypeUrlName,
    nonce: message.nonce,
    version: message.version_info ?? message.system_version_info ?? '',
    names,
    contents,
    versions,
    removed: message.removed_resources ?? [],
  };
}

/** Fields 1 and 2, both strings. */
function readFields({ value }: AnyMessage): [string, string] {
  const texts = ['', ''];
  let at = 0;
  while (at < value.length) {
    const field = (value[at++] as number) >> 3;
    let length = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = value[at++] as number;
      length += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    texts[field - 1] = value.toString('utf8', at, at + length);
    at += length;
  }
  return [texts[0] ?? '', texts[1] ?? ''];
}
