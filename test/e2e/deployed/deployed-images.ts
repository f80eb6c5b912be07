import { join } from 'node:path';
import { findEnvoy } from '../../../src/agent/find-envoy.ts';
import { silentLogger } from '../../../src/lib/log.ts';
import { buildGoProgram, goPrograms } from '../../harness/servers/go-program.ts';
import type { TestImages } from '../../kubelet/test-image.ts';

const checkout = join(import.meta.dirname, '..', '..', '..');
const coxswain = ['/opt/coxswain/node_modules/node/bin/node', '/opt/coxswain/src/main.ts'];

/** The programs that stand for the images of an installation: this checkout, Envoy, and the application `register`. */
export async function deployedImages(): Promise<TestImages> {
  const envoy = await findEnvoy({ env: process.env, log: silentLogger });
  const files = { '/opt/coxswain': checkout };
  return {
    pilot: { entrypoint: coxswain, files },
    proxyv2: { entrypoint: coxswain, files: { ...files, '/usr/local/bin/envoy': envoy.path } },
    register: { entrypoint: ['/opt/register'], files: { '/opt/register': await buildGoProgram(goPrograms.gokit) } },
  };
}
