import { join } from 'node:path';
import { pinnedNode } from '../harness/serve-process.ts';
import { describeProxylessClient } from './proxyless/client-suite.ts';

describeProxylessClient('@grpc/grpc-js-xds', (env) => ({
  file: pinnedNode,
  args: [join(import.meta.dirname, 'proxyless/js-client.ts')],
  env,
}));
