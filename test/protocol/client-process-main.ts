// The other side of `client-process.ts`: ADDRESS METHOD; does what it is told and says what it hears.
import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { loadAdsClient } from './ads-service.ts';
import type { FromClient, ToClient } from './client-process.ts';

const [address = '', method = ''] = process.argv.slice(2);
const client = new (loadAdsClient())(address, credentials.createInsecure());
const call = (client[method] as () => ClientDuplexStream<object, object>).call(client);
const say = (what: FromClient<object>) => process.send?.(what);
call.on('error', () => {});
call.on('data', (message: object) => say({ message }));
call.on('status', (status) => say({ status: { code: status.code, details: status.details, metadata: status.metadata } }));
process.on('message', (told: ToClient) => {
  if (told.do === 'write') call.write(told.message);
  else call[told.do]();
});
