import { createSimulator } from '../simulate/simulate.ts';
import { arrivalAtGateway, arrivalAtSidecar } from './arrival.ts';
import { authorityOf, type Call, type CallProblem, hostNameOf, isProblem } from './call.ts';
import { lostBefore } from './candidates/lost-before.ts';
import { decidingLine } from './deciding-line.ts';
import type { ExplainRequest } from './explain-request.ts';
import { explainWay } from './explain-way.ts';
import type { ExplainWorld } from './explain-world.ts';
import type { Explanation, Hop, NameAnswer } from './explanation.ts';
import { findHints } from './hints/find-hints.ts';
import { issuesOnWay } from './issues-on-way.ts';
import { locateOrigin } from './locate-origin.ts';
import { type NextHop, nextHop } from './next-hop.ts';
import { findSubject } from './proxies/find-subject.ts';
import type { Subject } from './proxies/subject.ts';
import { type ResolvedName, resolveName } from './resolve-name.ts';
import type { ServedProxy } from './served-proxy.ts';
import { servedResources } from './served-resources.ts';
import { summaryOf } from './summary.ts';
import { verdictOf } from './verdict.ts';

/**
 * Where a request goes and why: what the client's proxy, and then the one beside the receiver, do with it. A problem where the request
 * itself cannot be understood, as when nobody has the name of the client.
 */
export function explain(world: ExplainWorld, request: ExplainRequest): Explanation | CallProblem {
  const subject = findSubject(world, request.from);
  if (isProblem(subject)) return subject;
  return withProxy(world, subject, (proxy) => explainFrom(proxy, request));
}

function explainFrom(proxy: ServedProxy, { call, followsToServer }: ExplainRequest): Explanation {
  const { world, subject } = proxy;
  const isGateway = subject.role === 'router';
  const name = resolveName(world, call.connectTo?.host ?? call.host, subject.namespace);
  const { request, says } = isGateway ? arrivalAtGateway(proxy, call) : arrivalAtSidecar(proxy, call, name);
  const way = explainWay(
    {
      proxy,
      request,
      lostBefore: (step) => lostBefore(proxy, step, hostNameOf(request.host ?? '')),
      follow: (delivered) => {
        const next = followsToServer ? nextHop(world, subject, request, delivered) : undefined;
        return next && serverHop(world, next);
      },
    },
    proxy.simulate(request),
  );
  const hop: Hop = { proxy: hopProxy(proxy, isGateway ? 'gateway' : 'client'), arrives: says, way };
  const answer = { ...nameAnswer(world, name, isGateway), ...(!isGateway && lacksPort(name, call) && ({ lacksPort: true } as const)) };
  const decidedBy = decidingLine(world, way);
  const told = { request: requestLine(call), name: answer, hop, verdict: verdictOf(way, answer) };
  const hints = findHints({ proxy, call, request, name, way, verdict: told.verdict });
  return { ...told, summary: summaryOf(told), ...(decidedBy && { decidedBy }), hints, issues: issuesOnWay(world, hop, name) };
}

function serverHop(world: ExplainWorld, { subject, request }: NextHop): Hop | undefined {
  const hop = withProxy(world, subject, (proxy): Hop => {
    const way = explainWay({ proxy, request, lostBefore: () => [], follow: () => undefined }, proxy.simulate(request));
    const { address, port } = request.destination;
    return { proxy: hopProxy(proxy, 'server'), arrives: `${request.direction === 'direct' ? '' : 'inbound, '}to ${address}:${port}`, way };
  });
  return isProblem(hop) ? undefined : hop;
}

/** Serves a proxy for as long as it is looked at. */
function withProxy<T extends object>(world: ExplainWorld, subject: Subject, look: (proxy: ServedProxy) => T): T | CallProblem {
  const views = world.serve(subject.node);
  if ('refused' in views) return { problem: views.refused };
  try {
    const resources = servedResources(world, views);
    return look({ world, subject, scopes: views.scopes(), resources, simulate: createSimulator(resources) });
  } finally {
    views.close();
  }
}

function hopProxy({ world, subject }: ServedProxy, side: Hop['proxy']['side']): Hop['proxy'] {
  const { namespace, name, remark, source } = subject;
  return { side, name: `${namespace}/${name}`, remark, ...(source && { origin: locateOrigin(world, source) }) };
}

/** Nobody listens on other ports of the address of a Kubernetes Service; those of pods may be open all the same. */
function lacksPort({ service, isMadeUp }: ResolvedName, call: Call): boolean {
  if (service === undefined || service.provider !== 'Kubernetes' || service.kubeType === 'Headless' || isMadeUp) return false;
  return !service.ports.some(({ number }) => number === (call.connectTo?.port ?? call.port));
}

function nameAnswer(world: ExplainWorld, name: ResolvedName, isGateway: boolean): NameAnswer {
  const { asked, address, because, fails, isMadeUp, source } = name;
  if (isGateway) return { asked, address: '', because: 'the client found the gateway by other means' };
  return {
    asked,
    address,
    because,
    ...(fails && { fails }),
    ...(isMadeUp && { isMadeUp }),
    ...(source && { origin: locateOrigin(world, source) }),
  };
}

/** `GET http://reviews:9080/reviews/0 (end-user: jason)`; headers that every curl sends are left out. */
function requestLine(call: Call): string {
  const { protocol, tls, method, path, headers } = call;
  if (protocol === 'tcp') return `${tls ? 'TLS' : 'TCP'} to ${call.host}:${call.port}${call.sni === undefined ? '' : ` (SNI ${call.sni})`}`;
  const scheme = protocol === 'grpc' ? 'grpc' : tls ? 'https' : 'http';
  const isPlain = ([name, value]: readonly [string, string]) =>
    (name === 'accept' && value === '*/*') || (name === 'user-agent' && /^(curl\/|grpc$)/.test(value));
  const extra = headers.filter((header) => !isPlain(header)).map(([name, value]) => `${name}: ${value}`);
  const told = call.authority === undefined ? [] : [`Host: ${authorityOf(call)}`];
  const all = [...told, ...extra];
  const host = call.host.includes(':') ? `[${call.host}]` : call.host;
  const port = call.port === (tls ? 443 : 80) && protocol !== 'grpc' ? '' : `:${call.port}`;
  return `${method} ${scheme}://${host}${port}${path}${all.length > 0 ? `  (${all.join(', ')})` : ''}`;
}
