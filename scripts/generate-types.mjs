// Generates what src/envoy knows of the Envoy, xDS and Istio messages that Coxswain speaks: their TypeScript types and descriptors.
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateDescriptors } from './generate-descriptors.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, 'src/envoy/generated');
const deps = join('node_modules', '@grpc', 'grpc-js-xds', 'deps');
const includeDirs = ['proto', `${deps}/envoy-api`, `${deps}/xds`, `${deps}/googleapis`, `${deps}/protoc-gen-validate`];

const overlay = protosUnder('proto');
const roots = linesOf('roots.txt');
// Everything of v3 is described, so that extensions which users name are typed; but four files import what is not shipped.
const notLoadable = /(config\/trace\/v3\/(opencensus|trace)|service\/(trace|metrics)\/v3\/\w+)\.proto$/;
const base = protosUnder(`${deps}/envoy-api`).filter((path) => /\/v3\//.test(path) && !notLoadable.test(path));

// Made beside and swapped in: whoever runs meanwhile sees the old one or the new one.
const fresh = join('node_modules', `.generated-${process.pid}`);
const args = [
  'node_modules/@grpc/proto-loader/build/bin/proto-loader-gen-types.js',
  '--keepCase',
  '--longs=String',
  '--enums=String',
  '--grpcLib=@grpc/grpc-js',
  '--targetFileExtension=.ts',
  '--importFileExtension=.ts',
  '-O',
  fresh,
  '-I',
  ...includeDirs,
  '--',
  ...roots,
  ...overlay,
];
const run = spawnSync(process.execPath, args, { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
if (run.status !== 0) process.exit(run.status ?? 1);
// proto-loader's own type refuses the fields of the message inside.
const any =
  "export type Any =\n  | { '@type': string }\n  | { '@type': string; [field: string]: unknown }\n  | { type_url: string; value: Uint8Array | string };\n";
writeFileSync(
  join(root, fresh, 'google/protobuf/Any.ts'),
  `// What src/envoy encodes as an Any, and gives back.\n${any}export type Any__Output = Any;\n`,
);
const newerFields = linesOf('newer-fields.txt').map((line) => line.split(' '));
generateDescriptors({
  root,
  includeDirs,
  files: [...new Set([...roots, ...overlay, ...base])],
  newerFields,
  target: join(fresh, 'descriptors.ts'),
  constraintsTarget: join(fresh, 'constraints.ts'),
});
rmSync(target, { recursive: true, force: true });
renameSync(join(root, fresh), target);

function protosUnder(dir) {
  return readdirSync(join(root, dir), { recursive: true })
    .map((path) => String(path).replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.proto'))
    .sort();
}

function linesOf(name) {
  return readFileSync(join(root, 'proto', name), 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
}
