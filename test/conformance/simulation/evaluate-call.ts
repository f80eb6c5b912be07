import type { FilterChain } from '../../../src/envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { Outcome } from '../../../src/simulate/outcome.ts';
import type { SimulatedRequest } from '../../../src/simulate/request.ts';
import { createSimulator, type Simulator } from '../../../src/simulate/simulate.ts';
import { possibleOutcomes } from '../../../src/simulate/simulation.ts';
import type { Place, Stage, Step } from '../../../src/simulate/step.ts';
import type { CallError, CallInput, CallOutcome } from './case.ts';
import { namedPlainText } from './named-plain-text.ts';
import type { ProxyXds } from './proxy-xds.ts';
import { suiteView } from './suite-view.ts';
import { isTrue, tlsContextOf } from './typed-parts.ts';

/** A call with every default filled in. */
type FullCall = Required<Omit<CallInput, 'callMode'>> & Pick<CallInput, 'callMode'>;

export interface EvaluatedCall {
  readonly outcome: CallOutcome;
  /** The chain that took the call, where there is one. */
  readonly chain?: FilterChain;
}

/** Sends calls through what a proxy was served: by our interpreter, asked and answered in the words of the suite. */
export class CallEvaluator {
  private readonly xds: ProxyXds;
  private readonly simulate: Simulator;
  private readonly simulateNamed: Simulator;

  constructor(xds: ProxyXds) {
    this.xds = xds;
    this.simulate = createSimulator(suiteView(xds));
    this.simulateNamed = createSimulator(suiteView(xds, namedPlainText));
  }

  evaluate(input: CallInput): EvaluatedCall {
    const call = withDefaults(input);
    const simulate = isNamedPlainText(call) ? this.simulateNamed : this.simulate;
    const ways = possibleOutcomes(simulate(this.requestOf(call), { losers: false }));
    const [way] = ways;
    if (way === undefined) throw new Error('a simulation without an end');
    const at = (stage: Stage) => way.steps.find((step) => step.stage === stage)?.at;
    const chain = at('filter chain') === undefined ? undefined : (this.partAt(at('filter chain')) as FilterChain);
    const error = (chain && tlsMismatch(chain, call)) ?? errorOf(way.outcome);
    const ofTls = error === 'TLS_ERROR' || error === 'MTLS_ERROR';
    const beyondTls = ofTls ? {} : this.namesBeyondTls(way.steps, ways.length > 1 && isWeighted(ways.map(({ steps }) => steps)));
    const outcome: CallOutcome = {
      ...(error !== undefined && { error }),
      ...(at('listener') && { listener: at('listener')?.name ?? '' }),
      ...(chain && { filterChain: chain.name ?? '' }),
      ...beyondTls,
    };
    return { outcome, ...(chain && { chain }) };
  }

  private requestOf(call: FullCall): SimulatedRequest {
    const { tls, sni, alpn } = call;
    const isIntercepted = this.xds.listeners.some(({ name }) => name === 'virtualOutbound');
    return {
      direction: call.callMode === 'inbound' ? 'inbound' : call.callMode === 'gateway' || !isIntercepted ? 'direct' : 'outbound',
      destination: { address: call.address, port: call.port },
      protocol: call.protocol,
      // HTTP/2 has no requests without an authority: clients then write where they connect to.
      host: call.hostHeader === '' && call.protocol === 'http2' ? call.address : call.hostHeader,
      path: call.path,
      ...((tls !== 'plaintext' || isNamedPlainText(call)) && {
        tls: {
          sni,
          alpn: alpn === '' ? [] : [alpn],
          ...(tls === 'mtls' && { certificate: { uris: ['spiffe://cluster.local/ns/default/sa/default'] } }),
        },
      }),
    };
  }

  private namesBeyondTls(steps: readonly Step[], hasWeights: boolean): CallOutcome {
    const last = (stage: Stage) => steps.findLast((step) => step.stage === stage);
    const table = last('route table')?.at;
    const host = last('virtual host')?.at;
    const route = last('route');
    return {
      ...(table && { routeConfig: table.resource === 'route table' ? table.name : '' }),
      ...(host && { virtualHost: (this.partAt(host) as { readonly name?: string }).name ?? '' }),
      ...(route?.at?.path.at(-2) === 'routes' && { route: (this.partAt(route.at) as { readonly name?: string }).name ?? '' }),
      cluster: hasWeights ? '' : (last('cluster')?.chosen ?? ''),
    };
  }

  /** The part of a resource that a place means. */
  private partAt(place: Place | undefined): unknown {
    const { listeners, routes } = this.xds;
    const resource = place?.resource === 'listener' ? listeners.find(({ name }) => name === place.name) : routes.get(place?.name ?? '');
    return (place?.path ?? []).reduce<unknown>(
      (part, key) => (part as Readonly<Record<string | number, unknown>> | undefined)?.[key],
      resource,
    );
  }
}

/** Ways part at weights where each ends in a cluster of its own. */
function isWeighted(ways: readonly (readonly Step[])[]): boolean {
  return ways.every((steps) => steps.at(-1) !== undefined && steps.some(({ stage }) => stage === 'cluster'));
}

function withDefaults(input: CallInput): FullCall {
  const tls = input.tls ?? 'plaintext';
  const hostHeader = input.hostHeader ?? '';
  return {
    ...input,
    tls,
    hostHeader,
    path: input.path ?? '/',
    address: input.address ?? '1.3.3.7',
    sni: input.sni ?? (tls === 'tls' ? hostHeader : ''),
    alpn: input.alpn ?? defaultAlpn(tls, input.protocol),
    mtlsSecretConfigName: input.mtlsSecretConfigName ?? 'default',
  };
}

function defaultAlpn(tls: FullCall['tls'], protocol: FullCall['protocol']): string {
  if (tls === 'mtls') return { http: 'istio-http/1.1', http2: 'istio-h2', tcp: 'istio' }[protocol];
  return tls === 'tls' ? { http: 'http/1.1', http2: 'h2', tcp: '' }[protocol] : '';
}

function isNamedPlainText({ tls, sni }: FullCall): boolean {
  return tls === 'plaintext' && sni !== '';
}

/** Steps 4 and 5 of the suite, beyond what an Envoy would mind: a certificate that nobody asked for, and the name of the secret. */
function tlsMismatch(chain: FilterChain, { tls, mtlsSecretConfigName }: FullCall): CallError | undefined {
  const context = tlsContextOf(chain);
  if (!chain.transport_socket) return undefined;
  if (tls === 'plaintext') return 'TLS_ERROR';
  const [first] = context?.common_tls_context?.tls_certificate_sds_secret_configs ?? [];
  const isMutual = first?.name === mtlsSecretConfigName && isTrue(context?.require_client_certificate);
  return isMutual === (tls === 'mtls') ? undefined : 'MTLS_ERROR';
}

const closings: Readonly<Record<string, CallError>> = {
  'no listener': 'NO_LISTENER',
  'no filter chain': 'NO_FILTER_CHAIN',
  'several filter chains': 'MULTIPLE_FILTER_CHAINS',
  'TLS expected': 'TLS_ERROR',
  'no client certificate': 'MTLS_ERROR',
  'client certificate refused': 'MTLS_ERROR',
  'not HTTP': 'PROTOCOL_ERROR',
};

const answers: Readonly<Record<string, CallError>> = {
  'no virtual host': 'NO_VIRTUAL_HOST',
  'redirect to TLS': 'TLS_REDIRECT',
  'no route': 'NO_ROUTE',
};

/** The suite ends where a cluster is named; what becomes of it there is no error to it. */
function errorOf(outcome: Outcome): CallError | undefined {
  if (outcome.kind === 'closed') return closings[outcome.because];
  return outcome.kind === 'answered' ? answers[outcome.by] : undefined;
}
