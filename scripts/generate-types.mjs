// Generates TypeScript types for the Envoy, xDS and Istio messages that Coxswain speaks into src/envoy/generated.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const deps = join('node_modules', '@grpc', 'grpc-js-xds', 'deps');
const overlay = readdirSync(join(root, 'proto'), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.proto'))
  .sort();
const roots = readFileSync(join(root, 'proto', 'roots.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

rmSync(join(root, 'src/envoy/generated'), { recursive: true, force: true });
const args = [
  'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js',
  '--keepCase',
  '--longs=String',
  '--enums=String',
  '--oneofs',
  '--grpcLib=@grpc/grpc-js',
  '--targetFileExtension=.ts',
  '--importFileExtension=.ts',
  '-O',
  'src/envoy/generated',
  '-I',
  'proto',
  `${deps}/envoy-api`,
  `${deps}/xds`,
  `${deps}/googleapis`,
  `${deps}/protoc-gen-validate`,
  '--',
  ...roots,
  ...overlay,
];
const run = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
process.exit(run.status ?? 1);
