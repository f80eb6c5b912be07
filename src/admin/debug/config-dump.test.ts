import { expect, it } from 'vitest';
import { loadProtos, type TypedMessage } from '../../envoy/protos.ts';
import { typeUrls } from '../../envoy/type-urls.ts';
import type { ConnectedProxy } from '../connected-proxies.ts';
import { configDump } from './config-dump.ts';
import type { DebugContext } from './debug-context.ts';

const protos = loadProtos();
const json = (message: TypedMessage) => protos.toJson(protos.decodeAny(protos.encodeAny(message)));

const resources = {
  [typeUrls.CDS]: { '@type': typeUrls.CDS, name: 'a', connect_timeout: { seconds: 1 } },
  [typeUrls.EDS]: { '@type': typeUrls.EDS, cluster_name: 'a' },
  [typeUrls.LDS]: { '@type': typeUrls.LDS, name: 'virtualOutbound' },
  [typeUrls.RDS]: { '@type': typeUrls.RDS, name: '80' },
  [typeUrls.ECDS]: { '@type': typeUrls.ECDS, name: 'filter' },
  [typeUrls.SDS]: { '@type': typeUrls.SDS, name: 'a key that nobody may see' },
};

/** A proxy whose view of each type holds one resource. */
const proxy = {
  proxy: { id: 'web-1.shop' },
  handle: {
    view: (typeUrl: string) => {
      const message = (resources as Readonly<Record<string, (typeof resources)[keyof typeof resources]>>)[typeUrl];
      if (message === undefined) return undefined;
      const resource = { name: 'name' in message ? message.name : message.cluster_name, version: 'v1', any: protos.encodeAny(message) };
      return { all: () => new Map([[resource.name, resource]]) };
    },
  },
} as unknown as ConnectedProxy;

const page = configDump({ proxies: () => [proxy], protos } as Partial<DebugContext> as DebugContext);

async function get(query: string): Promise<unknown> {
  const { body } = await page.answer(new URLSearchParams(query));
  const pieces: Iterable<string> = typeof body === 'string' ? [body] : body;
  return JSON.parse([...pieces].join('')) as unknown;
}

it("is what Envoy's descriptors make of the same dump, section by section", async () => {
  const admin = (message: string, fields: object = {}) => json({ '@type': `type.googleapis.com/envoy.admin.v3.${message}`, ...fields });
  const version_info = 'v1';
  expect(await get('proxyID=web-1.shop&include_eds')).toEqual({
    configs: [
      admin('BootstrapConfigDump'),
      admin('ClustersConfigDump', { dynamic_active_clusters: [{ version_info, cluster: resources[typeUrls.CDS] }] }),
      admin('EndpointsConfigDump', { dynamic_endpoint_configs: [{ version_info, endpoint_config: resources[typeUrls.EDS] }] }),
      admin('ListenersConfigDump', {
        dynamic_listeners: [{ name: 'virtualOutbound', active_state: { version_info, listener: resources[typeUrls.LDS] } }],
      }),
      admin('ScopedRoutesConfigDump'),
      admin('RoutesConfigDump', { dynamic_route_configs: [{ version_info, route_config: resources[typeUrls.RDS] }] }),
      admin('SecretsConfigDump'),
      admin('EcdsConfigDump', { ecds_filters: [{ version_info, ecds_filter: resources[typeUrls.ECDS] }] }),
    ],
  });
});

it('has bare resources of the types that are asked for, and never secrets', async () => {
  expect(await get('proxyID=web-1.shop&types=rds,lds')).toEqual({
    configs: [json(resources[typeUrls.LDS]), json(resources[typeUrls.RDS])],
  });
  expect(await get('proxyID=web-1.shop&types=sds')).toEqual({ configs: [] });
});
