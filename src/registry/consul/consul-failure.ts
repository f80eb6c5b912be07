/**
 * Why a request to Consul gave nothing to believe:
 * `unreachable` transport, TLS, timeouts; `broken` 5xx, cut or malformed answers; `leaderless` no server knows a leader;
 * `denied` 403; `filtered` ACLs took something out; `throttled` 429; `rewound` the index went backwards; `refused` any other 4xx.
 */
export type FailureKind = 'unreachable' | 'broken' | 'leaderless' | 'denied' | 'filtered' | 'throttled' | 'rewound' | 'refused';

/** The message holds no secret: it is shown to operators. */
export class ConsulFailure extends Error {
  override readonly name = 'ConsulFailure';
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
  }
}

/** What an answer with another status than 200 means. */
export function failureOfStatus(status: number, what: string, text: string): ConsulFailure {
  const said = text === '' ? '' : `: ${text.slice(0, 200)}`;
  if (status === 403) return new ConsulFailure('denied', `${what}: the ACL token is not allowed to read this, or is unknown (403${said})`);
  if (status === 429) return new ConsulFailure('throttled', `${what}: too many connections or requests (429${said})`);
  if (status >= 500 && /no cluster leader|no known (consul )?servers/i.test(text))
    return new ConsulFailure('leaderless', `${what}: Consul has no leader (${status})`);
  if (status >= 500) return new ConsulFailure('broken', `${what}: Consul answers ${status}${said}`);
  return new ConsulFailure('refused', `${what}: Consul answers ${status}${said}`);
}

export function filteredByAcls(what: string): ConsulFailure {
  const hint = 'the token needs service_prefix "" and node_prefix "" with policy "read"; acceptFiltered takes a part for the whole';
  return new ConsulFailure('filtered', `${what}: ACLs have filtered the answer, so it is not taken for the truth (${hint})`);
}
