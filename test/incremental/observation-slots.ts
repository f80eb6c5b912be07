import { inNamespaces, type Slot, spec } from './slot.ts';

const ofWeb = { selector: { matchLabels: { app: 'web' } } };

const telemetries: readonly Slot[] = inNamespaces.flatMap((namespace) =>
  ['a', 'b'].map((name) => ({
    kind: 'Telemetry',
    apiVersion: 'telemetry.istio.io/v1',
    namespace,
    name,
    variants: spec(
      { accessLogging: [{ providers: [{ name: 'envoy' }], filter: { expression: 'response.code >= 500' } }] },
      {
        ...ofWeb,
        accessLogging: [{ match: { mode: 'SERVER' }, disabled: true }],
        metrics: [{ providers: [{ name: 'prometheus' }], overrides: [{ match: { mode: 'CLIENT' }, disabled: true }] }],
      },
      { tracing: [{ providers: [{ name: 'spans' }], randomSamplingPercentage: 20 }] },
      {
        tracing: [{ match: { mode: 'SERVER' }, disableSpanReporting: true }],
        accessLogging: [{ providers: [{ name: 'collector' }] }],
      },
      {
        ...ofWeb,
        metrics: [
          {
            providers: [{ name: 'prometheus' }],
            overrides: [{ match: { metric: 'REQUEST_COUNT' }, tagOverrides: { request_protocol: { operation: 'REMOVE' } } }],
          },
        ],
        tracing: [{ customTags: { x: { literal: { value: 'y' } } } }],
      },
    ),
  })),
);

const lua = { lua: { inlineCode: 'function envoy_on_request(handle) end' } };

const trafficExtensions: readonly Slot[] = inNamespaces.flatMap((namespace) =>
  ['a', 'b'].map((name) => ({
    kind: 'TrafficExtension',
    apiVersion: 'extensions.istio.io/v1alpha1',
    namespace,
    name,
    variants: spec(
      lua,
      { ...lua, ...ofWeb, phase: 'AUTHN', match: [{ mode: 'SERVER', ports: [{ number: 8080 }] }] },
      { wasm: { url: 'oci://registry.example.com/a:v1' }, priority: 3 },
      { wasm: { url: 'file:///a.wasm', type: 'NETWORK', failStrategy: 'FAIL_OPEN' }, match: [{ mode: 'CLIENT' }] },
    ),
  })),
);

const wasmPlugins: readonly Slot[] = ['shop', 'istio-system'].map((namespace) => ({
  kind: 'WasmPlugin',
  apiVersion: 'extensions.istio.io/v1alpha1',
  namespace,
  name: 'a',
  variants: spec(
    { url: 'https://example.com/a.wasm', phase: 'AUTHZ', priority: 2 },
    { ...ofWeb, url: 'oci://registry.example.com/b:v2', pluginConfig: { a: 1 }, match: [{ ports: [{ number: 80 }] }] },
  ),
}));

const proxyConfig: Slot = {
  kind: 'ProxyConfig',
  apiVersion: 'networking.istio.io/v1beta1',
  namespace: 'shop',
  name: 'a',
  variants: spec({ concurrency: 3 }, { ...ofWeb, environmentVariables: { A: 'b' } }),
};

/** Settings of the mesh that these look at: further contents of its ConfigMap. */
export const observationSettings: Slot['variants'] = [
  {
    data: {
      mesh: JSON.stringify({
        defaultProviders: { metrics: ['prometheus'] },
        extensionProviders: [
          { name: 'spans', opentelemetry: { service: 'web.shop.svc.cluster.local', port: 80 } },
          { name: 'collector', envoyOtelAls: { service: 'api.example.com', port: 443 } },
        ],
      }),
    },
  },
  { data: { mesh: JSON.stringify({ defaultProviders: { tracing: ['spans'], accessLogging: ['envoy'] } }) } },
];

/** What users say about what is recorded of traffic, and which filters of their own see it. */
export const observationSlots: readonly Slot[] = [...telemetries, ...trafficExtensions, ...wasmPlugins, proxyConfig];
