import { ServerCredentials } from '@grpc/grpc-js';
import { register, XdsServer } from '@grpc/grpc-js-xds';
import { registerEcho } from '../../harness/echo-backends.ts';

/** A server with the xDS of grpc-js on `IP:PORT`, its argument: prints `SERVING` once the control plane has told it how. */

register();
process.stdin.once('end', () => process.exit()).resume();
const address = process.argv[2] ?? '';
const server = new XdsServer();
registerEcho(server, address);
server.bindAsync(address, ServerCredentials.createInsecure(), (error) => process.stdout.write(`${error ? String(error) : 'SERVING'}\n`));
