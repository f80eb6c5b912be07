import type { MutualTlsMode } from '../../mesh/authentication/mutual-tls-mode.ts';
import type { MeshSettings } from '../../mesh/settings.ts';
import { plainHttpVersions } from './http-versions.ts';

/** One way in which connections reach a port: what they look like on the wire, and what is done with them. */
export interface InboundMatch {
  /** Empty: any. */
  readonly applicationProtocols: readonly string[];
  readonly transportProtocol: 'tls' | 'raw_buffer';
  readonly protocol: 'http' | 'tcp';
  /** TLS ends here, instead of being passed on to the application. */
  readonly terminatesTls: boolean;
}

/** What a client's proxy puts into ALPN for what it knows to be HTTP, for byte streams, and all of them. */
const httpOverMtls = ['istio-http/1.0', 'istio-http/1.1', 'istio-h2'];
const tcpOverMtls = ['istio-peer-exchange', 'istio'];
const anyOverMtls = ['istio', 'istio-peer-exchange', ...httpOverMtls];

/**
 * The filter chains of a port by its protocol and mutual TLS mode, in order (Istio `getFilterChainMatchOptions`). A
 * PERMISSIVE HTTP port has no chain for TLS that is not the mesh's: such a connection fails, as HTTP was declared.
 */
export function inboundMatches(protocol: 'http' | 'tcp' | 'auto', mode: MutualTlsMode, settings: MeshSettings): readonly InboundMatch[] {
  switch (protocol) {
    case 'http':
      return httpMatches[mode];
    case 'tcp':
      return tcpMatches[mode];
    case 'auto':
      return sniffedMatches(mode, plainHttpVersions(settings));
  }
}

/** A port whose own certificates end TLS. */
export function ownTlsMatches(protocol: 'http' | 'tcp'): readonly InboundMatch[] {
  return [mutual(protocol)];
}

const httpMatches: Readonly<Record<MutualTlsMode, readonly InboundMatch[]>> = {
  STRICT: [mutual('http')],
  PERMISSIVE: [mutual('http', anyOverMtls), plain('http')],
  DISABLE: [plain('http')],
};

const tcpMatches: Readonly<Record<MutualTlsMode, readonly InboundMatch[]>> = {
  STRICT: [mutual('tcp')],
  PERMISSIVE: [mutual('tcp', anyOverMtls), passedOnTls(), plain('tcp')],
  DISABLE: [plain('tcp')],
};

function sniffedMatches(mode: MutualTlsMode, plainHttp: readonly string[]): readonly InboundMatch[] {
  switch (mode) {
    case 'STRICT':
      return [mutual('http', httpOverMtls), mutual('tcp')];
    case 'PERMISSIVE':
      return [mutual('http', httpOverMtls), plain('http', plainHttp), mutual('tcp', tcpOverMtls), plain('tcp'), passedOnTls()];
    case 'DISABLE':
      return [plain('http', plainHttp), plain('tcp')];
  }
}

function mutual(protocol: 'http' | 'tcp', applicationProtocols: readonly string[] = []): InboundMatch {
  return { applicationProtocols, transportProtocol: 'tls', protocol, terminatesTls: true };
}

function plain(protocol: 'http' | 'tcp', applicationProtocols: readonly string[] = []): InboundMatch {
  return { applicationProtocols, transportProtocol: 'raw_buffer', protocol, terminatesTls: false };
}

/** TLS between client and application. */
function passedOnTls(): InboundMatch {
  return { applicationProtocols: [], transportProtocol: 'tls', protocol: 'tcp', terminatesTls: false };
}
