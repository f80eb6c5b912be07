import type { FilterChain } from '../../envoy/generated/envoy/config/listener/v3/FilterChain.ts';
import type { CertificateValidationContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/CertificateValidationContext.ts';
import type { DownstreamTlsContext } from '../../envoy/generated/envoy/extensions/transport_sockets/tls/v3/DownstreamTlsContext.ts';
import { messageOf, typeOf } from '../any-message.ts';
import { matchText } from '../matching/text-matcher.ts';
import type { Closed } from '../outcome.ts';
import { partOf } from '../places.ts';
import type { ClientCertificate, SimulatedRequest } from '../request.ts';
import type { Place, Step } from '../step.ts';
import { stepOf } from '../steps.ts';
import { anyOf, type Doubt, isDoubt } from '../three-valued.ts';

const tlsType = 'envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext';
const rawType = 'envoy.extensions.transport_sockets.raw_buffer.v3.RawBuffer';

export interface TlsResult {
  readonly steps: readonly Step[];
  readonly refused?: Closed['because'];
  /** Why nobody can say whether the client is let in. */
  readonly doubt?: Doubt;
  /** What the filters see is no longer encrypted, or never was. */
  readonly isReadable: boolean;
  /** The connection is TLS that ends here. */
  readonly isTerminated: boolean;
}

/** TLS as the chain's transport socket handles it. */
export function throughTls(chain: FilterChain, { tls }: SimulatedRequest, chainAt: Place): TlsResult {
  const socket = chain.transport_socket;
  const context = downstreamTls(chain);
  if (context === undefined) {
    const isOther = socket && typeOf(socket.typed_config) !== rawType;
    const steps = isOther
      ? [stepOf({ stage: 'TLS', chosen: socket.name ?? '', why: 'this transport socket is not evaluated', at: chainAt })]
      : [];
    return { steps, isReadable: tls === undefined, isTerminated: false };
  }
  const at = partOf(chainAt, ['transport_socket']);
  const done = (why: string, refused?: Closed['because']): TlsResult => ({
    steps: [stepOf({ stage: 'TLS', chosen: describe(context), why, at })],
    isReadable: true,
    isTerminated: true,
    ...(refused !== undefined && { refused }),
  });
  if (tls === undefined) return done('the chain ends TLS, and the client speaks plain text', 'TLS expected');
  const wantsCertificate = context.require_client_certificate?.value === true;
  if (tls.certificate === undefined)
    return wantsCertificate ? done('the client shows no certificate', 'no client certificate') : done('no client certificate is asked for');
  const fault = wantsCertificate ? certificateFault(validationOf(context), tls.certificate) : undefined;
  if (isDoubt(fault)) return { ...done('whether the client is let in nobody can say'), doubt: fault };
  if (fault !== undefined) return done(fault, 'client certificate refused');
  return done(wantsCertificate ? `the client is ${tls.certificate.uris.join(', ')}` : 'no client certificate is asked for');
}

export function downstreamTls({ transport_socket: socket }: FilterChain): DownstreamTlsContext | undefined {
  return messageOf<DownstreamTlsContext>(socket?.typed_config, tlsType);
}

function describe(context: DownstreamTlsContext): string {
  const secrets = (context.common_tls_context?.tls_certificate_sds_secret_configs ?? []).map(({ name }) => name ?? '');
  const kind = context.require_client_certificate?.value === true ? 'mutual TLS' : 'TLS';
  return secrets.length === 0 ? kind : `${kind} with ${secrets.join(', ')}`;
}

function validationOf({ common_tls_context: common }: DownstreamTlsContext): CertificateValidationContext | undefined {
  return common?.validation_context ?? common?.combined_validation_context?.default_validation_context ?? undefined;
}

/** Why none of the names is one that is let in; who signed the certificate is not known here. */
function certificateFault(
  validation: CertificateValidationContext | undefined,
  certificate: ClientCertificate,
): string | Doubt | undefined {
  const typed = (validation?.match_typed_subject_alt_names ?? []).map(({ san_type, matcher }) => ({
    names: san_type === 'DNS' ? (certificate.dnsNames ?? []) : san_type === 'URI' ? certificate.uris : [],
    matcher,
  }));
  const untyped = (validation?.match_subject_alt_names ?? []).map((matcher) => ({
    names: [...certificate.uris, ...(certificate.dnsNames ?? [])],
    matcher,
  }));
  const matchers = [...typed, ...untyped];
  if (matchers.length === 0) return undefined;
  const isLetIn = anyOf(
    matchers.flatMap(({ names, matcher }) => names.map((name) => () => (matcher ? matchText(matcher).holds(name) : false))),
  );
  if (isDoubt(isLetIn)) return isLetIn;
  return isLetIn ? undefined : `none of the names ${certificate.uris.join(', ') || 'in the certificate'} is let in`;
}
