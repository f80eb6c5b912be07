import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign, X509Certificate } from 'node:crypto';
import { bitString, explicit, implicit, integer, octetString, oid, sequence, setOf, time, utf8, yes } from './der.ts';

/** A certificate and its key, as PEM. */
export interface KeyAndCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface Validity {
  /** Milliseconds since the epoch. */
  readonly fromMs: number;
  readonly untilMs: number;
}

const ids = {
  ecdsaWithSha256: '1.2.840.10045.4.3.2',
  commonName: '2.5.4.3',
  subjectKey: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  basicConstraints: '2.5.29.19',
  authorityKey: '2.5.29.35',
  extendedKeyUsage: '2.5.29.37',
  serverAuth: '1.3.6.1.5.5.7.3.1',
};

/** A certificate authority of its own: ECDSA on P-256, which every API server can verify. */
export function createAuthority(commonName: string, validity: Validity): KeyAndCertificate {
  const { publicKey, privateKey } = newKey();
  const extensions = [
    extension(ids.basicConstraints, sequence(yes), true),
    // keyCertSign and cRLSign
    extension(ids.keyUsage, bitString(Buffer.from([0x06]), 1), true),
    extension(ids.subjectKey, octetString(keyId(publicKey))),
  ];
  return assemble({ subject: commonName, issuer: commonName, validity, publicKey, extensions }, privateKey, privateKey);
}

/** A certificate for servers of these DNS names; it does not outlive the authority. */
export function issueServerCertificate(authority: KeyAndCertificate, names: readonly string[], validity: Validity): KeyAndCertificate {
  const issuer = new X509Certificate(authority.certificate);
  const signer = createPrivateKey(authority.key);
  const { publicKey, privateKey } = newKey();
  const extensions = [
    // digitalSignature
    extension(ids.keyUsage, bitString(Buffer.from([0x80]), 7), true),
    extension(ids.extendedKeyUsage, sequence(oid(ids.serverAuth))),
    extension(ids.subjectAltName, sequence(...names.map((name) => implicit(2, Buffer.from(name, 'ascii')))), true),
    extension(ids.authorityKey, sequence(implicit(0, keyId(issuer.publicKey)))),
  ];
  const untilMs = Math.min(validity.untilMs, issuer.validToDate.getTime());
  const commonName = issuer.subject.replace(/^CN=/, '');
  return assemble({ subject: '', issuer: commonName, validity: { ...validity, untilMs }, publicKey, extensions }, signer, privateKey);
}

interface ToBeSigned {
  /** Common names; no subject at all where it is empty: the names of a server are in an extension. */
  readonly subject: string;
  readonly issuer: string;
  readonly validity: Validity;
  readonly publicKey: KeyObject;
  readonly extensions: readonly Buffer[];
}

/** RFC 5280 section 4.1. */
function assemble(what: ToBeSigned, signer: KeyObject, ownKey: KeyObject): KeyAndCertificate {
  const algorithm = sequence(oid(ids.ecdsaWithSha256));
  const body = sequence(
    explicit(0, integer(Buffer.from([2]))),
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])),
    algorithm,
    nameOf(what.issuer),
    sequence(time(what.validity.fromMs), time(what.validity.untilMs)),
    nameOf(what.subject),
    what.publicKey.export({ type: 'spki', format: 'der' }),
    explicit(3, sequence(...what.extensions)),
  );
  const certificate = sequence(body, algorithm, bitString(sign('sha256', body, signer)));
  const lines = certificate.toString('base64').replace(/.{64}/g, '$&\n').trimEnd();
  return {
    certificate: `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`,
    key: ownKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function nameOf(commonName: string): Buffer {
  return commonName === '' ? sequence() : sequence(setOf(sequence(oid(ids.commonName), utf8(commonName))));
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return isCritical ? sequence(oid(id), yes, octetString(value)) : sequence(oid(id), octetString(value));
}

function keyId(publicKey: KeyObject): Buffer {
  return createHash('sha1')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest();
}

function newKey(): { readonly publicKey: KeyObject; readonly privateKey: KeyObject } {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
