import type { TemplateObject } from '../template/template.ts';
import { value } from '../template/template.ts';
import { controlPlaneLabels, namespace, podLabels, revisioned } from './names.ts';

/** Ports of the Service `istiod` (Istio's numbers and names), and where the container listens. */
const ports = [
  { port: 15010, name: 'grpc-xds', protocol: 'TCP' },
  { port: 15012, name: 'https-dns', protocol: 'TCP' },
  { port: 443, name: 'https-webhook', targetPort: 15017, protocol: 'TCP' },
  { port: 15014, name: 'http-monitoring', protocol: 'TCP' },
] as const;

/** What proxies, the API server and tools reach the control plane by. */
export const controlPlaneService: TemplateObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: {
    name: revisioned('istiod'),
    namespace,
    annotations: value('pilot.serviceAnnotations'),
    labels: { ...controlPlaneLabels, istio: 'pilot' },
  },
  spec: {
    ipFamilyPolicy: value('pilot.ipFamilyPolicy'),
    ipFamilies: value('pilot.ipFamilies'),
    ports,
    selector: podLabels,
  },
};
