import type { Answered, Closed, Delivered, Outcome } from '../simulate/outcome.ts';

/** An outcome in one sentence without a full stop. */
export function outcomeSentence(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'delivered':
      return deliveredSentence(outcome);
    case 'answered':
      return answeredSentence(outcome);
    case 'closed':
      return closedSentences[outcome.because];
    case 'unknown':
      return `nobody can say: ${outcome.because}`;
  }
}

function deliveredSentence({ cluster, endpoints, resolves }: Delivered): string {
  if (resolves !== undefined) return `goes to ${resolves}, which the proxy looks up in DNS`;
  if (cluster === 'PassthroughCluster') return 'goes straight on to the address that the client wanted, past every rule of the mesh';
  if (cluster === 'InboundPassthroughCluster') return 'goes on to the application, on a port that no service declares';
  if (cluster.startsWith('inbound|')) return `is handed to the application${endpoints[0] ? ` at ${endpoints[0].address}` : ''}`;
  const [first] = endpoints;
  if (first === undefined) return `goes to ${cluster}`;
  return endpoints.length === 1 ? `goes to ${first.address}` : `goes to one of ${endpoints.length} endpoints`;
}

function answeredSentence({ by, status, location, body }: Answered): string {
  const text = answerers[by];
  const where = location === undefined ? '' : ` to ${location}`;
  const says = body === undefined || body === '' ? '' : `, "${body.length > 40 ? `${body.slice(0, 37)}...` : body}"`;
  return `the proxy answers ${status}${where}${says}: ${text}`;
}

const answerers: Readonly<Record<Answered['by'], string>> = {
  'direct response': 'a rule says so',
  redirect: 'a rule redirects',
  'redirect to TLS': 'plain HTTP is sent to HTTPS',
  abort: 'a fault is injected',
  'CORS preflight': 'the CORS policy of the rule answers preflight requests',
  'access denied': 'access is denied',
  'no virtual host': 'no virtual host has this name',
  'no route': 'no rule matches',
  'no cluster': 'the route leads to a cluster that does not exist',
  'no healthy upstream': 'the cluster has no endpoint that could take it',
  'bad request': 'this is no request that Envoy takes',
};

const closedSentences: Readonly<Record<Closed['because'], string>> = {
  'no listener': 'the connection is refused: the proxy listens on no such address and port',
  'no filter chain': 'the connection is closed: no filter chain takes it',
  'several filter chains': 'the listener is ambiguous: several filter chains take the connection',
  'TLS expected': 'the connection is closed: TLS is expected and plain text comes',
  'no client certificate': 'the TLS handshake fails: a client certificate is demanded and there is none',
  'client certificate refused': 'the TLS handshake fails: the client certificate is not accepted',
  'not HTTP': 'the connection is closed: HTTP is expected and something else comes',
  'not valid HTTP/2': 'the stream is reset: this is no request of HTTP/2 that Envoy takes',
  'access denied': 'the connection is closed: access is denied',
  'no cluster': 'the connection is closed: the chain leads to a cluster that does not exist',
  'no healthy upstream': 'the connection is closed: the cluster has no endpoint that could take it',
  'no network filter': 'the connection is closed: nothing handles its bytes',
  loop: 'the connection is closed: it would come back to the proxy for ever',
};
