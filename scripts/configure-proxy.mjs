import { credentials, makeClientConstructor } from '@grpc/grpc-js';
import { loadProtos } from '../src/envoy/protos.ts';
import { typeUrls } from '../src/envoy/type-urls.ts';

const protos = loadProtos();
const service = 'envoy.service.discovery.v3.AggregatedDiscoveryService';
const Client = makeClientConstructor(protos.service(service), service);

/** Plays an Envoy that asks for everything once and acknowledges it, over `delta` or `sotw`. */
export async function configureProxy(address, id, variant) {
  const client = new Client(address, credentials.createInsecure());
  const stream = variant === 'delta' ? client.deltaAggregatedResources() : client.streamAggregatedResources();
  const version = { major_number: 1, minor_number: 40, patch: 0 };
  const metadata = { fields: { ISTIO_VERSION: { stringValue: '1.31.0' } } };
  const fields = { node: { id, metadata, user_agent_build_version: { version } } };
  const ask = async (typeUrl, names) => {
    const wanted = variant === 'delta' ? { resource_names_subscribe: names } : { resource_names: names };
    stream.write({ ...fields, type_url: typeUrl, ...wanted });
    const answer = await new Promise((resolve, reject) => stream.once('data', resolve).once('error', reject));
    stream.write({ type_url: typeUrl, response_nonce: answer.nonce, ...(variant === 'delta' ? {} : { ...wanted, ...versionOf(answer) }) });
    return (answer.resources ?? []).map((resource) => (variant === 'delta' ? resource.resource : resource));
  };
  const askFor = (typeUrl, names) => (names.length > 0 ? ask(typeUrl, names) : []);
  const clusters = await ask(typeUrls.CDS, []);
  const ofEds = clusters.filter(({ type }) => type === 'EDS').map(({ name }) => name);
  await askFor(typeUrls.EDS, ofEds);
  const listeners = await ask(typeUrls.LDS, []);
  const tables = JSON.stringify(listeners).matchAll(/"route_config_name":"([^"]+)"/g);
  const frames = await askFor(typeUrls.RDS, [...new Set([...tables].map(([, name]) => name))]);
  if (frames.some(({ vhds }) => vhds)) await ask(typeUrls.VHDS, []);
  stream.on('error', () => {});
  stream.cancel();
  client.close();
}

function versionOf({ version_info }) {
  return { version_info };
}
