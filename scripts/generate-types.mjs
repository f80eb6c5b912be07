// Generates what src/envoy knows of the Envoy, xDS and Istio messages that Coxswain speaks: their TypeScript types and descriptors.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDescriptors } from './generate-descriptors.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const deps = join('node_modules', '@grpc', 'grpc-js-xds', 'deps');
const overlay = readdirSync(join(root, 'proto'), { recursive: true })
  .map(String)
  .filter((path) => path.endsWith('.proto'))
  .sort();
const roots = readFileSync(join(root, 'proto', 'roots.txt'), 'utf8')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));

const includeDirs = ['proto', `${deps}/envoy-api`, `${deps}/xds`, `${deps}/googleapis`, `${deps}/protoc-gen-validate`];
const files = [...roots, ...overlay];

rmSync(join(root, 'src/envoy/generated'), { recursive: true, force: true });
const args = [
  'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js',
  '--keepCase',
  '--longs=String',
  '--enums=String',
  '--grpcLib=@grpc/grpc-js',
  '--targetFileExtension=.ts',
  '--importFileExtension=.ts',
  '-O',
  'src/envoy/generated',
  '-I',
  ...includeDirs,
  '--',
  ...files,
];
const run = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (run.status !== 0) process.exit(run.status ?? 1);
generateDescriptors({ root, includeDirs, files, target: 'src/envoy/generated/descriptors.ts' });
