import type { Values } from '../template/values.ts';
import type { ProfileName } from './value-table.ts';

const ingress = { name: 'istio-ingressgateway', enabled: true } as const;
const egress = { name: 'istio-egressgateway', enabled: true } as const;

/** Ports of the ingress gateway's Service, as Istio's; 15021 answers health checks. */
export const ingressPorts = [
  { name: 'status-port', port: 15021, targetPort: 15021, protocol: 'TCP' },
  { name: 'http2', port: 80, targetPort: 8080, protocol: 'TCP' },
  { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
] as const;

const egressPorts = [
  { name: 'http2', port: 80, targetPort: 8080, protocol: 'TCP' },
  { name: 'https', port: 443, targetPort: 8443, protocol: 'TCP' },
] as const;

const gateways = {
  'istio-ingressgateway': {
    labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
    type: 'LoadBalancer',
    ports: ingressPorts,
  },
  'istio-egressgateway': { labels: { app: 'istio-egressgateway', istio: 'egressgateway' }, type: 'ClusterIP', ports: egressPorts },
} as const;

const standard = {
  components: {
    base: { enabled: true },
    pilot: { enabled: true },
    ingressGateways: [ingress],
    egressGateways: [{ ...egress, enabled: false }],
  },
  values: { gateways },
} as const;

const small = { requests: { cpu: '10m', memory: '40Mi' }, limits: { cpu: '2000m', memory: '1024Mi' } } as const;

/** Two replicas, so that a demo shows what happens when one of them goes; everything else small. */
const demo = {
  components: { ...standard.components, egressGateways: [egress] },
  meshConfig: {
    accessLogFile: '/dev/stdout',
    extensionProviders: [
      { name: 'otel', envoyOtelAls: { service: 'opentelemetry-collector.observability.svc.cluster.local', port: 4317 } },
      { name: 'skywalking', skywalking: { service: 'tracing.istio-system.svc.cluster.local', port: 11800 } },
      { name: 'otel-tracing', opentelemetry: { service: 'opentelemetry-collector.observability.svc.cluster.local', port: 4317 } },
      { name: 'jaeger', opentelemetry: { service: 'jaeger-collector.istio-system.svc.cluster.local', port: 4317 } },
    ],
  },
  values: {
    pilot: { autoscaleEnabled: false, replicaCount: 2, resources: { requests: { cpu: '10m', memory: '100Mi' } } },
    gateways: {
      'istio-ingressgateway': {
        ...gateways['istio-ingressgateway'],
        autoscaleEnabled: false,
        resources: small,
        ports: [
          ...ingressPorts,
          { name: 'tcp', port: 31400, targetPort: 31400, protocol: 'TCP' },
          { name: 'tls', port: 15443, targetPort: 15443, protocol: 'TCP' },
        ],
      },
      'istio-egressgateway': { ...gateways['istio-egressgateway'], autoscaleEnabled: false, resources: small },
    },
  },
} as const;

/** What each profile sets, as a user would write it; laid under what the user sets. */
export const profiles: Readonly<Record<ProfileName, Values>> = {
  default: standard,
  demo,
  minimal: { ...standard, components: { ...standard.components, ingressGateways: [{ ...ingress, enabled: false }] } },
  empty: {
    ...standard,
    components: {
      base: { enabled: false },
      pilot: { enabled: false },
      ingressGateways: [{ ...ingress, enabled: false }],
      egressGateways: [{ ...egress, enabled: false }],
    },
  },
  preview: { ...standard, meshConfig: { defaultConfig: { proxyMetadata: { ISTIO_META_DNS_CAPTURE: 'true' } } } },
  remote: {
    ...standard,
    components: { ...standard.components, ingressGateways: [{ ...ingress, enabled: false }] },
    values: { gateways, istiodRemote: { enabled: true } },
  },
};
