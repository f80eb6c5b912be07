import { join } from 'node:path';
import { pinnedNode } from '../harness/serve-process.ts';
import { describeProxylessClient } from './proxyless/client-suite.ts';

describeProxylessClient({
  name: '@grpc/grpc-js-xds',
  command: (env) => ({ file: pinnedNode, args: [join(import.meta.dirname, 'proxyless/js-client.ts')], env }),
  // After 15 s without an answer it takes the listener for missing, as it should, but leaves calls waiting for a name.
  unknownService: /^DEADLINE_EXCEEDED: .*waiting for name resolution/,
});
