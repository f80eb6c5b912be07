/** A defect of ours that one object sets off stays with that object's resources. */
import { expect, test, vi } from 'vitest';
import { createControlPlane } from '../../src/app/control-plane.ts';
import { loadProtos } from '../../src/envoy/protos.ts';
import { typeUrls } from '../../src/envoy/type-urls.ts';
import type { Logger } from '../../src/lib/log.ts';
import { silentLogger } from '../../src/lib/log.ts';
import type { ConfigObject } from '../../src/model/config-object.ts';
import { parseTexts, TextSource } from '../harness/text-source.ts';

const protos = loadProtos();
const types = ['CDS', 'EDS', 'LDS', 'RDS'] as const;

function service(name: string): ConfigObject {
  const text = `
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: ${name}, namespace: shop}
spec:
  hosts: [${name}.shop.svc.cluster.local]
  addresses: [10.1.1.${name.length}]
  location: MESH_INTERNAL
  resolution: STATIC
  ports: [{number: 80, name: http, protocol: HTTP}]
  endpoints: [{address: 10.2.0.1}]
`;
  return parseTexts(text, [])[0]?.object as ConfigObject;
}

/** What no schema lets through: an endpoint's weight that is no number. */
function broken(object: ConfigObject): ConfigObject {
  return { ...object, spec: { ...(object.spec as object), endpoints: [{ address: '10.2.0.9', weight: 'heavy' }] } };
}

function versions(proxy: { view(typeUrl: string): { all(): ReadonlyMap<string, { readonly version: string }> } | undefined }) {
  return Object.fromEntries(
    types.map((type) => [type, [...(proxy.view(typeUrls[type])?.all() ?? [])].map(([name, { version }]) => `${name} ${version}`)]),
  );
}

test('resources that cannot be made keep their last good bytes, and nothing else is touched', async () => {
  const error = vi.fn();
  const log: Logger = { ...silentLogger, error };
  const texts = new TextSource([]);
  const plane = createControlPlane({ sources: [texts], env: {}, protos, log });
  await plane.config.start(new AbortController().signal);
  texts.applyObjects([service('web'), service('other')]);
  const node = (role: string) => ({ id: `${role}~10.0.0.1~p.shop~shop.svc.cluster.local` });
  const proxies = ['sidecar', 'router'].flatMap((role) => {
    const admitted = plane.source.admit(node(role), 'delta');
    return 'refused' in admitted ? [] : [admitted];
  });
  expect(proxies).toHaveLength(2);
  const before = proxies.map(versions);
  expect(JSON.stringify(before)).toContain('outbound|80||web.shop.svc.cluster.local');

  expect(() => texts.applyObjects([broken(service('web'))])).not.toThrow();
  expect(proxies.map(versions)).toEqual(before);
  const failures = error.mock.calls.length;
  expect(failures).toBeGreaterThan(0);
  expect(failures).toBeLessThanOrEqual(proxies.length);
  expect(error.mock.calls[0]?.[0]).toMatchObject({ key: 'web.shop.svc.cluster.local' });

  texts.applyObjects([service('another')]);
  for (const after of proxies.map(versions)) expect(JSON.stringify(after)).toContain('another.shop.svc.cluster.local');
  const late = plane.source.admit({ id: 'sidecar~10.0.0.2~late.pay~pay.svc.cluster.local' }, 'delta');
  if ('refused' in late) throw new Error(late.refused);
  const clusters = JSON.stringify(versions(late));
  expect(clusters).toContain('outbound|80||other.shop.svc.cluster.local');
  expect(error.mock.calls.length).toBe(failures);

  texts.applyObjects([service('web')]);
  expect(proxies.map(versions).map(({ EDS }) => EDS?.filter((line) => line.includes('||web.')))).toEqual(
    before.map(({ EDS }) => EDS?.filter((line) => line.includes('||web.'))),
  );
});
