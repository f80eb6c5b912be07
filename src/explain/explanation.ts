import type { Issue, Position } from '../model/issue.ts';
import type { ObjectRef } from '../model/object-ref.ts';
import type { Outcome } from '../simulate/outcome.ts';
import type { Stage } from '../simulate/step.ts';

/** The way of a request through the mesh, and why it is this one: what `explain -o json` and `/debug/explain` say. */
export interface Explanation {
  /** The request in one line, as it was understood. */
  readonly request: string;
  readonly verdict: Verdict;
  /** What happens, in one sentence. */
  readonly summary: string;
  /** What the client's resolver says. */
  readonly name: NameAnswer;
  /** The line of the configuration that decided, and those below it that belong to it; absent where nobody wrote any. */
  readonly decidedBy?: Origin & { readonly excerpt: readonly string[] };
  readonly hop: Hop;
  /** Usual mistakes that would explain what is seen. */
  readonly hints: readonly Hint[];
  /** What is wrong with objects on the way. */
  readonly issues: readonly Issue[];
}

/** `unknown`: it depends on more than the configuration tells. */
export type Verdict = 'delivered' | 'delivered in part' | 'answered by the mesh' | 'not delivered' | 'unknown';

/** How the name that the client was told becomes an address. */
export interface NameAnswer {
  readonly asked: string;
  readonly address: string;
  /** Half a sentence: `VIP of Service default/reviews`. */
  readonly because: string;
  /** The client would not get as far as connecting. */
  readonly fails?: true;
  /** It is a service of Kubernetes, without the port that was called. */
  readonly lacksPort?: true;
  /** The address stands for one that is not known here. */
  readonly isMadeUp?: true;
  readonly origin?: Origin;
}

/** What one proxy does with the request. */
export interface Hop {
  readonly proxy: HopProxy;
  /** What the connection to it looks like: `outbound, TCP to 10.0.0.1:9080`. */
  readonly arrives: string;
  readonly way: Way;
}

export interface HopProxy {
  readonly side: 'client' | 'gateway' | 'server';
  /** `NAMESPACE/NAME` of the workload. */
  readonly name: string;
  /** Half a sentence that says how it was found, or what is taken for granted about it. */
  readonly remark: string;
  readonly origin?: Origin;
}

export interface Way {
  readonly steps: readonly ExplainedStep[];
  readonly end: End | readonly Fork[];
}

export interface Fork {
  /** 0 to 1. */
  readonly probability: number;
  readonly because: string;
  readonly origin?: Origin;
  readonly way: Way;
}

export interface ExplainedStep {
  readonly stage: Stage | 'subset' | 'traffic policy';
  readonly chosen: string;
  readonly why: string;
  /** The field of the configuration that decided. */
  readonly origin?: Origin;
  /** The first of them: a table may have thousands of virtual hosts. */
  readonly losers: readonly ExplainedLoser[];
  /** How many there are beside `losers`. */
  readonly furtherLosers?: number;
  readonly notes: readonly string[];
}

export interface ExplainedLoser {
  readonly name: string;
  readonly reason: string;
  readonly origin?: Origin;
}

export interface End {
  readonly outcome: Outcome;
  /** In one sentence. */
  readonly says: string;
  /** Who may get it, where it is delivered: workloads behind addresses. */
  readonly receivers: readonly Receiver[];
  /** At the sidecar of the first receiver that has one. */
  readonly next?: Hop;
  /** The cluster, where nobody is known who might run: then it counts that the rules lead somewhere. */
  readonly guess?: string;
  /** Nothing but what registries know is let out. */
  readonly isBlocked?: true;
}

export interface Receiver {
  readonly address: string;
  /** 0 to 1. */
  readonly share: number;
  readonly priority: number;
  readonly locality: string;
  readonly tls: string;
  /** The pod, WorkloadEntry or entry of a ServiceEntry. */
  readonly workload?: string;
  readonly origin?: Origin;
}

/** A field of an object, and where it stands. */
export interface Origin {
  readonly object: ObjectRef;
  /** From the object's root; empty: the object. */
  readonly path: readonly (string | number)[];
  /** Absent where the object comes from an API server. */
  readonly position?: Position;
  /** The text of the line. */
  readonly line?: string;
  /** The rule that handed over to this one. */
  readonly via?: Origin;
}

export interface Hint {
  readonly message: string;
  /** What to do. */
  readonly advice?: string;
  readonly origin?: Origin;
}
