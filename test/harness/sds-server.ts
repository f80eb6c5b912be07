import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import type { EnvoyProtos } from '../../src/envoy/protos.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';

const certificates = join(import.meta.dirname, '..', 'fixtures', 'certificates');
const pem = (file: string) => ({ inline_bytes: readFileSync(join(certificates, file)).toString('base64') });

interface Request {
  readonly resource_names?: readonly string[];
  readonly response_nonce?: string;
  readonly type_url?: string;
}

/** The certificate under test/fixtures, or its root where the name asks for one, as the Secret of that name. */
export function testSecret(name: string): { readonly '@type': string } {
  const isRoot = name === 'ROOTCA' || name.startsWith('file-root:') || name.endsWith('-cacert');
  const secret = {
    '@type': typeUrls.SDS,
    name,
    ...(isRoot
      ? { validation_context: { trusted_ca: pem('root.pem') } }
      : { tls_certificate: { certificate_chain: pem('certificate.pem'), private_key: pem('key.pem') } }),
  };
  return secret;
}

/**
 * What stands beside a sidecar where pilot-agent would: an SDS server that has a certificate for every name. Returns its
 * port on loopback; ends with the signal.
 */
export async function startSdsServer(protos: EnvoyProtos, signal: AbortSignal): Promise<number> {
  const server = new Server();
  const base = {
    requestStream: true,
    responseStream: true,
    requestDeserialize: (bytes: Buffer) => protos.decode('envoy.service.discovery.v3.DiscoveryRequest', bytes) as Request,
    requestSerialize: (message: object) => Buffer.from(protos.encode('envoy.service.discovery.v3.DiscoveryRequest', message)),
    responseSerialize: (message: object) => Buffer.from(protos.encode('envoy.service.discovery.v3.DiscoveryResponse', message)),
    responseDeserialize: (bytes: Buffer) => protos.decode('envoy.service.discovery.v3.DiscoveryResponse', bytes),
  };
  const path = '/envoy.service.secret.v3.SecretDiscoveryService/StreamSecrets';
  server.addService({ streamSecrets: { ...base, path, originalName: 'streamSecrets' } }, { streamSecrets: answerSecrets });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) => (error ? reject(error) : resolve(bound)));
  });
  signal.addEventListener('abort', () => server.forceShutdown(), { once: true });
  return port;
}

function answerSecrets(call: ServerDuplexStream<Request, object>): void {
  let sent = 0;
  call.on('error', () => {});
  call.on('end', () => call.end());
  call.on('data', ({ resource_names = [], response_nonce = '' }: Request) => {
    if (response_nonce !== '' || resource_names.length === 0) return;
    const nonce = String(++sent);
    call.write({ version_info: '1', nonce, type_url: typeUrls.SDS, resources: resource_names.map(testSecret) });
  });
}
