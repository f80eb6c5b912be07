/** A response that a proxy refused, as far as it still does. */
export interface RefusedResponse {
  readonly nodeId: string;
  readonly typeUrl: string;
  /** Envoy's words. */
  readonly message: string;
  /** The resources that the words are about, as far as they can be told: all of the response where they name none. */
  readonly suspected: readonly string[];
  /** Those of them that the proxy has not accepted since. */
  readonly names: ReadonlySet<string>;
}

/** Of one refused response so many names are kept where the words name none. */
const maxNames = 100;
/** A proxy that reconnects within this time is taken to refuse what it refused. */
const graceMs = 60_000;

type Refused = Pick<RefusedResponse, 'message' | 'suspected' | 'names'>;

/**
 * What the connected proxies refuse right now: a refusal stands until the proxy accepts the resource, or its removal, in a later response,
 * whatever else it accepts meanwhile.
 */
export class RefusalBook {
  private readonly now: () => number;
  private readonly onChange: () => void;
  private readonly byNode = new Map<string, Map<string, Refused[]>>();
  private readonly goneSince = new Map<string, number>();

  /** `now` in milliseconds; `onChange` is told when `refused()` would say something else. */
  constructor(now: () => number, onChange: () => void) {
    this.now = now;
    this.onChange = onChange;
  }

  /** A proxy has refused a response that held these resources. Those that its words do not name are accepted, where they name any. */
  refuse(nodeId: string, typeUrl: string, names: readonly string[], message: string): void {
    const named = names.filter((name) => mentions(message, name));
    const suspected = (named.length > 0 ? named : names).slice(0, maxNames);
    const types = this.byNode.get(nodeId) ?? new Map<string, Refused[]>();
    const others = without(types.get(typeUrl) ?? [], names);
    types.set(typeUrl, [...others, { message, suspected, names: new Set(suspected) }]);
    this.byNode.set(nodeId, types);
    this.onChange();
  }

  /** A proxy has accepted a response that held these resources, and the removal of others. */
  accept(nodeId: string, typeUrl: string, names: readonly string[]): void {
    const types = this.byNode.get(nodeId);
    const refused = types?.get(typeUrl);
    if (!types || !refused) return;
    const left = without(refused, names);
    if (left.length > 0) types.set(typeUrl, left);
    else types.delete(typeUrl);
    if (types.size === 0) this.byNode.delete(nodeId);
    this.onChange();
  }

  /** Forgets the refusals of proxies that have been gone for a while. */
  keepOnly(connected: ReadonlySet<string>): void {
    for (const nodeId of this.byNode.keys()) {
      const since = this.goneSince.get(nodeId);
      if (connected.has(nodeId)) this.goneSince.delete(nodeId);
      else if (since === undefined) this.goneSince.set(nodeId, this.now());
      else if (this.now() - since > graceMs) {
        this.byNode.delete(nodeId);
        this.goneSince.delete(nodeId);
        this.onChange();
      }
    }
  }

  get isEmpty(): boolean {
    return this.byNode.size === 0;
  }

  refused(): readonly RefusedResponse[] {
    return [...this.byNode].flatMap(([nodeId, types]) =>
      [...types].flatMap(([typeUrl, all]) => all.map((refused) => ({ nodeId, typeUrl, ...refused }))),
    );
  }
}

function without(all: readonly Refused[], names: readonly string[]): Refused[] {
  return all.flatMap((refused) => {
    const left = new Set(refused.names);
    for (const name of names) left.delete(name);
    return left.size === 0 ? [] : [{ ...refused, names: left }];
  });
}

/** As a whole name: `outbound|80||a` is not meant where `outbound|80||a.b` is. */
function mentions(message: string, name: string): boolean {
  for (let at = message.indexOf(name); at >= 0; at = message.indexOf(name, at + 1)) {
    const goesOn = /^(?:[\w|-]|\.\w)/.test(message.slice(at + name.length, at + name.length + 2));
    if (!goesOn && !/[\w|.-]/.test(message.charAt(at - 1))) return true;
  }
  return false;
}
