import { expect, it } from 'vitest';
import { sendStatus } from '../harness/kube/fake-api-server.ts';
import { liveSource, service, services, until } from './live-source.ts';

const secrets = '/api/v1/namespaces/istio-system/secrets';

it('reads the Secrets that lead to further clusters, and no others', async () => {
  const { fake } = await liveSource();
  const [request] = fake.requests.filter(({ path }) => path.endsWith('/secrets'));
  expect([request?.path, request?.query.get('labelSelector')]).toEqual([secrets, 'istio/multiCluster=true']);
});

it('serves its own cluster where it may not read them, and takes them in as soon as it may', async () => {
  let isForbidden = true;
  const { names, source, config } = await liveSource(
    (server) => {
      server.put(services, service('a'));
      server.put(
        '/api/v1/secrets',
        Object.assign({ metadata: { name: 'far', namespace: 'istio-system' } }, { apiVersion: 'v1', kind: 'Secret' }),
      );
      server.intercept = (request, response) => {
        if (request.path !== secrets || !isForbidden) return false;
        sendStatus(response, 403, 'Forbidden');
        return true;
      };
    },
    { isSynced: false },
  );
  await until(() => expect(source.hasSynced()).toBe(true));
  expect(names('Service')).toEqual(['shop/a']);
  await until(() => expect(config.issues.get()).toMatchObject([{ code: 'CXS0110', message: expect.stringContaining('gives no Secret') }]));
  isForbidden = false;
  await until(() => expect(names('Secret')).toEqual(['istio-system/far']));
});
