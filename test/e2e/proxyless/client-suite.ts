import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { chiSquare, chiSquareLimit } from '../../harness/chi-square.ts';
import { EchoBackends } from '../../harness/echo-backends.ts';
import { ServeProcess } from '../../harness/serve-process.ts';
import { grpcBootstrapEnv } from '../../harness/xds-bootstrap.ts';
import { type CallOrder, type CallOutcome, type ClientCommand, ClientProcess } from './client-process.ts';
import { type EchoEndpoint, echoRoutes, echoService, echoSubsets, MeshFiles, toSubset } from './mesh-files.ts';

const endpoints: readonly EchoEndpoint[] = [
  { address: '127.0.1.1', version: 'v1' },
  { address: '127.0.1.2', version: 'v2' },
  { address: '127.0.1.3', version: 'v2' },
];
const everybody = endpoints.map(({ address }) => address);
const ofV2 = ['127.0.1.2', '127.0.1.3'];
const service = 'xds:///echo.default.svc.cluster.local:7070';

export interface ProxylessClient {
  readonly name: string;
  readonly command: (bootstrap: Readonly<Record<string, string>>) => ClientCommand;
  /** What a call to a service says that the mesh does not know. */
  readonly unknownService: RegExp;
}

/** What any implementation of proxyless gRPC must see: real server, real backends, the client in a process of its own. */
export function describeProxylessClient({ name, command, unknownService }: ProxylessClient): void {
  describe(name, () => {
    let files: MeshFiles;
    let backends: EchoBackends;
    let serve: ServeProcess;
    let client: ClientProcess;

    beforeAll(async () => {
      files = await MeshFiles.create();
      backends = await EchoBackends.start(everybody);
      await files.write('echo', echoService('echo', backends.port, endpoints));
      serve = await ServeProcess.start(files.directory);
      client = new ClientProcess(command(grpcBootstrapEnv(serve.xds)));
    });

    afterAll(async () => {
      await client?.stop();
      await serve?.stop();
      backends?.stop();
      await files?.remove();
    });

    const call = (order: Partial<CallOrder>): Promise<CallOutcome> =>
      client.call({ target: service, calls: 30, timeoutMs: 20_000, ...order });

    /** Calls, without one error, until a batch is answered by just these backends. */
    const untilAnswered = async (by: readonly string[], order: Partial<CallOrder> = {}) => {
      await expect
        .poll(
          async () => {
            const { answers, errors } = await call(order);
            expect(errors.slice(0, 3)).toEqual([]);
            return Object.keys(answers).sort();
          },
          { timeout: 30_000 },
        )
        .toEqual(by);
    };

    test('balances over every endpoint', async () => {
      // it sends to those to which it has connected
      await untilAnswered(everybody);
      const { answers, errors } = await call({ calls: 90 });
      expect(errors.slice(0, 3)).toEqual([]);
      expect(Object.keys(answers).sort()).toEqual(everybody);
      for (const count of Object.values(answers)) expect(count).toBeGreaterThan(20);
    });

    test.each(['echo:7070', 'echo.default:7070', 'echo.default.svc:7070'])('knows the service as %s', async (host) => {
      await untilAnswered(everybody, { target: `xds:///${host}` });
    });

    test('moves with the endpoints without an error', async () => {
      await files.write('echo', echoService('echo', backends.port, endpoints.slice(0, 2)));
      await untilAnswered(everybody.slice(0, 2));
      await files.write('echo', echoService('echo', backends.port, endpoints.slice(2)));
      await untilAnswered(everybody.slice(2));
      await files.write('echo', echoService('echo', backends.port, endpoints));
      await untilAnswered(everybody);
    });

    test('follows header matches and weights', async () => {
      const probe = { headers: { probe: { exact: 'v2' } } };
      const split = [toSubset('v1', 80), toSubset('v2', 20)];
      await files.write('rules', [echoSubsets(), echoRoutes([{ match: [probe], route: [toSubset('v2')] }, { route: split }])]);
      await untilAnswered(ofV2, { metadata: { probe: 'v2' } });
      const calls = 600;
      // both ends of the split are connected to
      await untilAnswered(everybody);
      const { answers, errors } = await call({ calls });
      expect(errors.slice(0, 3)).toEqual([]);
      const first = answers['127.0.1.1'] ?? 0;
      expect(chiSquare([first, calls - first], [80, 20]), `${first} of ${calls} calls went to v1`).toBeLessThan(chiSquareLimit[1]);
    });

    test('answers, aborts and times out as the VirtualService says', async () => {
      const when = (value: string) => [{ headers: { probe: { exact: value } } }];
      const always = { percentage: { value: 100 } };
      await files.write('rules', [
        echoSubsets(),
        echoRoutes([
          { match: when('deny'), directResponse: { status: 403 } },
          { match: when('abort'), fault: { abort: { grpcStatus: 'FAILED_PRECONDITION', ...always } }, route: [toSubset('v1')] },
          { match: when('slow'), fault: { delay: { fixedDelay: '3s', ...always } }, timeout: '0.2s', route: [toSubset('v1')] },
          { route: [toSubset('v1')] },
        ]),
      ]);
      await untilAnswered(['127.0.1.1']);
      const codeOf = async (probe: string) => (await call({ calls: 1, metadata: { probe } })).errors[0]?.split(':')[0];
      expect(await codeOf('deny')).toBe('PERMISSION_DENIED');
      expect(await codeOf('abort')).toBe('FAILED_PRECONDITION');
      expect(await codeOf('slow')).toBe('DEADLINE_EXCEEDED');
    });

    test('takes LEAST_REQUEST, and keeps a user on one endpoint by consistent hash', async () => {
      await files.write('rules', [echoSubsets({ loadBalancer: { simple: 'LEAST_REQUEST' } })]);
      await untilAnswered(everybody);
      await files.write('rules', [echoSubsets({ loadBalancer: { consistentHash: { httpHeaderName: 'user' } } })]);
      const homeOf = async (user: string) => {
        const { answers, errors } = await call({ calls: 12, metadata: { user } });
        expect(errors.slice(0, 3)).toEqual([]);
        return Object.keys(answers);
      };
      await expect.poll(() => homeOf('ann'), { timeout: 30_000 }).toHaveLength(1);
      const homes = await Promise.all(Array.from({ length: 12 }, (_, user) => homeOf(`user-${user}`)));
      expect(homes.every((home) => home.length === 1)).toBe(true);
      expect(new Set(homes.flat()).size).toBeGreaterThan(1);
    });

    test('fails at once for a service without endpoints', async () => {
      await files.write('idle', echoService('idle', backends.port, []));
      const target = 'xds:///idle.default.svc.cluster.local:7070';
      await expect
        .poll(async () => (await call({ target, calls: 1 })).errors, { timeout: 30_000 })
        .toEqual([expect.stringMatching(/^UNAVAILABLE: /)]);
    });

    test('fails for a service that is not there, and finds it once it is', async () => {
      const target = 'xds:///later.default.svc.cluster.local:7070';
      const { errors } = await call({ target, calls: 1 });
      expect(errors[0]).toMatch(unknownService);
      await files.write('later', echoService('later', backends.port, endpoints));
      await expect.poll(async () => Object.keys((await call({ target })).answers).sort(), { timeout: 60_000 }).toEqual(everybody);
    });

    test('was never sent what it refuses', () => {
      expect(serve.log()).not.toContain('response refused');
    });

    test('goes on without the control plane', async () => {
      expect(await serve.stop()).toBe(0);
      const { answers, errors } = await call({});
      expect(errors.slice(0, 3)).toEqual([]);
      expect(Object.keys(answers).length).toBeGreaterThan(0);
    });
  });
}
