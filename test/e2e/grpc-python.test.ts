import { join } from 'node:path';
import { describe, test } from 'vitest';
import { cacheDirectory } from '../../src/agent/install-envoy.ts';
import { hasPython, installGrpcio } from '../harness/install-grpcio.ts';
import { describeProxylessClient } from './proxyless/client-suite.ts';

const mayRun = process.env['CI'] !== undefined || (await hasPython());

if (mayRun) {
  const modules = await installGrpcio(cacheDirectory(process.env));
  describeProxylessClient({
    name: 'grpcio for Python',
    command: (env) => ({
      file: 'python3',
      args: [join(import.meta.dirname, 'proxyless/python-client.py')],
      env: { ...env, PYTHONPATH: modules },
    }),
    unknownService: /^UNAVAILABLE: .*does not exist/,
  });
} else {
  describe('grpcio for Python', () => {
    test.skip('needs python3 with pip', () => undefined);
  });
}
