import { type TemplateObject, value } from '../template/template.ts';
import { controlPlaneLabels, namespace, revisioned } from './names.ts';

/** Ports of a control plane in another cluster, under the names of its Service. */
const ports = [
  { port: 15010, name: 'grpc-xds', protocol: 'TCP' },
  { port: 15012, name: 'tcp-istiod', protocol: 'TCP' },
  { port: 15017, name: 'tcp-webhook', protocol: 'TCP' },
] as const;

/** Profile `remote`: proxies of this cluster find the control plane of another by the usual name. */
export const remoteService: TemplateObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: revisioned('istiod'), namespace, labels: controlPlaneLabels },
  spec: { clusterIP: 'None', ports },
};

/** Where it is: `global.remotePilotAddress`. */
export const remoteEndpoints: TemplateObject = {
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: {
    name: revisioned('istiod'),
    namespace,
    labels: { ...controlPlaneLabels, 'kubernetes.io/service-name': revisioned('istiod') },
  },
  addressType: 'IPv4',
  endpoints: [{ addresses: [value('global.remotePilotAddress')], conditions: { ready: true } }],
  ports,
};
