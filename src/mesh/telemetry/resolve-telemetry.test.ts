import { describe, expect, it } from 'vitest';
import type { ConfigObject } from '../../model/config-object.ts';
import type { Labels } from '../../model/labels.ts';
import type { MeshConfig } from '../../schema/mesh-config/mesh-config.ts';
import type { Telemetry } from '../../schema/telemetry/telemetry.ts';
import { resolveTelemetry } from './resolve-telemetry.ts';
import type { ModeTelemetry, TelemetryMode } from './resolved-telemetry.ts';
import { selectTelemetries } from './select-telemetries.ts';

const config: MeshConfig = {
  extensionProviders: [
    { name: 'envoy', envoyFileAccessLog: { path: '/dev/stdout' } },
    { name: 'file', envoyFileAccessLog: { path: '/tmp/x' } },
    { name: 'zipkin', zipkin: { service: 'zipkin', port: 9411 } },
    { name: 'otel', opentelemetry: { service: 'nowhere', port: 4317 } },
    { name: 'prometheus', prometheus: {} },
    { name: 'other', prometheus: {} },
  ],
};

function resolve(
  specs: readonly Telemetry[],
  mode: TelemetryMode = 'CLIENT',
  defaults: MeshConfig['defaultProviders'] = {},
): ModeTelemetry {
  return resolveTelemetry(specs, { ...config, defaultProviders: defaults }, (name) => (name === 'zipkin' ? 'zipkin.com' : undefined))[mode];
}

const named = (...names: readonly string[]) => ({ providers: names.map((name) => ({ name })) });

describe('access logs', () => {
  /** `name`, `name off`, `name if EXPRESSION`; `mesh` where older settings count. */
  const logs = (specs: readonly Telemetry['accessLogging'][], mode?: TelemetryMode, defaults: readonly string[] = []) =>
    resolve(
      specs.map((accessLogging) => ({ ...(accessLogging && { accessLogging }) })),
      mode,
      { accessLogging: defaults },
    ).logs?.map(({ provider, isDisabled, filter }) => `${provider.name}${isDisabled ? ' off' : ''}${filter ? ` if ${filter}` : ''}`) ??
    'mesh';
  const filter = { filter: { expression: 'x' } };

  it.each([
    ['nobody says anything', logs([]), 'mesh'],
    ['the default', logs([], 'CLIENT', ['envoy']), ['envoy']],
    ['one that is named, over the default', logs([[named('file')]], 'CLIENT', ['envoy']), ['file']],
    ['several, by name', logs([[named('file', 'envoy', 'gone')]]), ['envoy', 'file']],
    ['off for the default', logs([[{ disabled: true }]], 'CLIENT', ['envoy']), ['envoy off']],
    ['off for one side alone', logs([[named('envoy')], [{ match: { mode: 'SERVER' }, disabled: true }]]), ['envoy']],
    ['off for the other', logs([[{ ...named('envoy'), match: { mode: 'SERVER' }, disabled: true }]], 'SERVER', ['envoy']), ['envoy off']],
    ['a filter of the entry that names the provider', logs([[{ ...named('envoy'), ...filter }]]), ['envoy if x']],
    ["a filter without a provider is nobody's", logs([[filter]], 'CLIENT', ['envoy']), ['envoy']],
    ['a lower level that names others', logs([[{ ...named('envoy'), ...filter }], [named('file')]]), ['file']],
    ['a lower level switches the upper one on again', logs([[{ ...named('envoy'), disabled: true }], [named('envoy')]]), ['envoy']],
    [
      'both sides in two entries',
      logs(
        [
          [
            { ...named('file'), match: { mode: 'CLIENT' } },
            { ...named('envoy'), match: { mode: 'SERVER' } },
          ],
        ],
        'SERVER',
      ),
      ['envoy'],
    ],
  ])('%s', (_, actual, expected) => {
    expect(actual).toEqual(expected);
  });
});

describe('tracing', () => {
  const tracing = (specs: readonly Telemetry['tracing'][], mode?: TelemetryMode, defaults: readonly string[] = []) =>
    resolve(
      specs.map((one) => ({ ...(one && { tracing: one }) })),
      mode,
      { tracing: defaults },
    ).tracing;

  it('is left to the mesh where nobody says anything', () => {
    expect(tracing([])).toBeUndefined();
    expect(tracing([], 'CLIENT', ['zipkin'])).toMatchObject({
      isDisabled: false,
      provider: { target: { hostname: 'zipkin.com', port: 9411 } },
    });
  });

  it('is what the last one states, field by field', () => {
    const upper = [{ ...named('zipkin', 'otel'), randomSamplingPercentage: 5, customTags: { a: { literal: { value: 'b' } } } }];
    expect(tracing([upper, [{ randomSamplingPercentage: 0, enableIstioTags: false }]])).toMatchObject({
      provider: { provider: { name: 'zipkin' } },
      sampling: 0,
      customTags: { a: {} },
      hasIstioTags: false,
      useRequestId: true,
    });
  });

  it('has no target where the service is unknown, and no provider where that is', () => {
    expect(tracing([[named('OTEL')]])?.provider).toEqual({ provider: config.extensionProviders?.[3] });
    expect(tracing([[named('gone')]])).not.toHaveProperty('provider');
  });

  it('may be off for one side', () => {
    const specs = [[named('zipkin')], [{ match: { mode: 'SERVER' as const }, disableSpanReporting: true }]];
    expect([tracing(specs, 'CLIENT')?.isDisabled, tracing(specs, 'SERVER')?.isDisabled]).toEqual([false, true]);
  });
});

describe('metrics', () => {
  const metrics = (specs: readonly Telemetry['metrics'][], mode?: TelemetryMode, defaults: readonly string[] = ['prometheus']) =>
    resolve(
      specs.map((one) => ({ ...(one && { metrics: one }) })),
      mode,
      { metrics: defaults },
    ).metrics;
  const all = { match: { metric: 'ALL_METRICS' as const } };

  it('are those of the default providers', () => {
    expect(metrics([])).toEqual([{ overrides: [] }]);
    expect(metrics([], 'CLIENT', [])).toEqual([]);
    expect(metrics([[named('prometheus', 'other', 'zipkin')]], 'CLIENT', [])).toEqual([{ overrides: [] }, { overrides: [] }]);
  });

  it('are gone where all are disabled, until something is said about some', () => {
    const off = [{ overrides: [{ disabled: true }] }];
    expect(metrics([off])).toEqual([]);
    expect(metrics([off, [{ overrides: [{ ...all, disabled: false }] }]])).toHaveLength(1);
    expect(metrics([[{ overrides: [{ ...all, match: { ...all.match, mode: 'SERVER' }, disabled: true }] }]])).toHaveLength(1);
  });

  it('are changed one over the other, all of them by name', () => {
    const tag = (value: string) => ({ tagOverrides: { t: { value } } });
    const [merged] = metrics([
      [{ reportingInterval: '5s', overrides: [tag('1')] }],
      [
        {
          overrides: [
            { match: { metric: 'REQUEST_COUNT' }, ...tag('2'), disabled: true },
            { match: { customMetric: 'mine' }, tagOverrides: { u: { operation: 'REMOVE' } } },
          ],
        },
      ],
    ]);
    expect(merged?.reportingInterval).toBe('5s');
    expect(merged?.overrides).toHaveLength(11);
    expect(merged?.overrides).toContainEqual({ metric: 'REQUEST_COUNT', isDropped: true, tags: [{ name: 't', value: '2' }] });
    expect(merged?.overrides).toContainEqual({ metric: 'TCP_SENT_BYTES', isDropped: false, tags: [{ name: 't', value: '1' }] });
    expect(merged?.overrides.at(-1)).toEqual({ metric: 'mine', isDropped: false, tags: [{ name: 'u' }] });
  });

  it('of a provider that a lower level leaves out do not count', () => {
    expect(
      metrics([[{ ...named('other'), overrides: [{ match: { metric: 'REQUEST_COUNT' }, disabled: true }] }], [named('prometheus')]]),
    ).toEqual([{ overrides: [] }]);
  });
});

describe('the objects that hold for a workload', () => {
  const object = (namespace: string, name: string, spec: Telemetry = {}, createdAt = 0): ConfigObject<Telemetry> => ({
    kind: 'Telemetry',
    apiVersion: 'telemetry.istio.io/v1',
    namespace,
    name,
    labels: {},
    annotations: {},
    createdAt,
    spec,
  });
  const forWeb = { selector: { matchLabels: { app: 'web' } } };
  const select = (
    own: readonly ConfigObject<Telemetry>[],
    root: readonly ConfigObject<Telemetry>[],
    labels: Labels = { app: 'web' },
    isInRootNamespace = false,
  ) =>
    selectTelemetries(root, own, { namespace: isInRootNamespace ? 'root' : 'n', labels, isWaypoint: false, isInRootNamespace }).map(
      ({ name }) => name,
    );

  it('are the oldest of mesh and namespace, then all that name it', () => {
    const root = [object('root', 'young', {}, 5), object('root', 'old', {}, 1), object('root', 'web', forWeb)];
    const own = [object('n', 'b', {}, 2), object('n', 'a', {}, 3), object('n', 'w2', forWeb, 9), object('n', 'w1', forWeb, 4)];
    expect(select(own, root)).toEqual(['old', 'b', 'w1', 'w2']);
    expect(select(own, root, { app: 'db' })).toEqual(['old', 'b']);
    expect(select(root, root, { app: 'web' }, true)).toEqual(['old', 'web']);
  });

  it('reach a gateway of the Gateway API by reference', () => {
    const targeted = object('n', 't', { targetRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'edge' }] });
    const labels = { app: 'x', 'gateway.networking.k8s.io/gateway-name': 'edge' };
    expect(select([targeted], [], labels)).toEqual(['t']);
    expect(select([targeted], [], { ...labels, 'gateway.networking.k8s.io/gateway-name': 'other' })).toEqual([]);
    expect(select([targeted], [])).toEqual([]);
  });
});
