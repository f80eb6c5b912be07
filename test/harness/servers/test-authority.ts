import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Paths of PEM files. */
export interface IssuedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export interface CertificateRequest {
  /** Names the files, and is the common name unless `subject` says more. */
  readonly name: string;
  /** As openssl takes it: `/O=system:masters/CN=admin`. */
  readonly subject?: string;
  /** DNS names and IP addresses. */
  readonly alternativeNames?: readonly string[];
  /** 30 by default; negative makes one that has expired. */
  readonly days?: number;
}

const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

/** A certificate authority of one test, made with openssl. Its files lie in one folder. */
export class TestAuthority {
  readonly root: IssuedCertificate;
  private readonly directory: string;

  private constructor(directory: string, root: IssuedCertificate) {
    this.directory = directory;
    this.root = root;
  }

  static async create(directory: string, name = 'ca'): Promise<TestAuthority> {
    const root = filesOf(directory, name);
    const extensions = ['-addext', 'basicConstraints=critical,CA:TRUE', '-addext', 'keyUsage=critical,keyCertSign,cRLSign'];
    const files = ['-keyout', root.key, '-out', root.certificate];
    await run('openssl', ['req', '-x509', ...newKey, ...files, '-days', '30', '-subj', `/CN=${name}`, ...extensions]);
    return new TestAuthority(directory, root);
  }

  /** For servers and clients alike. Asked again under the same name it overwrites the files. */
  async issue({ name, subject = `/CN=${name}`, alternativeNames = [], days = 30 }: CertificateRequest): Promise<IssuedCertificate> {
    const issued = filesOf(this.directory, name);
    const request = join(this.directory, `${name}.csr`);
    const extensions = join(this.directory, `${name}.ext`);
    const names = alternativeNames.map((text) => `${isIP(text) === 0 ? 'DNS' : 'IP'}:${text}`);
    const lines = ['extendedKeyUsage=serverAuth,clientAuth', ...(names.length > 0 ? [`subjectAltName=${names.join(',')}`] : [])];
    await writeFile(extensions, `${lines.join('\n')}\n`);
    await run('openssl', ['req', '-new', ...newKey, '-keyout', issued.key, '-out', request, '-subj', subject]);
    const signer = ['-CA', this.root.certificate, '-CAkey', this.root.key, '-set_serial', `0x${randomBytes(16).toString('hex')}`];
    const what = ['-in', request, '-out', issued.certificate, '-extfile', extensions, '-days', String(days)];
    await run('openssl', ['x509', '-req', ...signer, ...what]);
    return issued;
  }
}

function filesOf(directory: string, name: string): IssuedCertificate {
  return { certificate: join(directory, `${name}.pem`), key: join(directory, `${name}-key.pem`) };
}
