import { bytesField } from './protobuf-wire.ts';

/** What a sidecar says about itself, as an encoded `envoy.config.core.v3.Node`. */
export function sidecarNode(
  index: number,
  workload: { readonly address: string; readonly namespace: string; readonly app: string },
): Buffer {
  const { address, namespace, app } = workload;
  const name = `${app}-${index}`;
  const metadata = struct({
    NAMESPACE: namespace,
    CLUSTER_ID: 'Kubernetes',
    ISTIO_VERSION: '1.31.0',
    INSTANCE_IPS: address,
    SERVICE_ACCOUNT: app,
    WORKLOAD_NAME: app,
    INTERCEPTION_MODE: 'REDIRECT',
    LABELS: { app, version: 'v1' },
  });
  return Buffer.concat([
    bytesField(1, `sidecar~${address}~${name}.${namespace}~${namespace}.svc.cluster.local`),
    bytesField(2, `${app}.${namespace}`),
    bytesField(3, metadata),
    bytesField(6, 'envoy'),
  ]);
}

interface Texts {
  readonly [name: string]: string | Texts;
}

/** A `google.protobuf.Struct` of texts and structs. */
function struct(texts: Texts): Buffer {
  const entries = Object.entries(texts).map(([name, value]) => {
    const encoded = typeof value === 'string' ? bytesField(3, value) : bytesField(5, struct(value));
    return bytesField(1, Buffer.concat([bytesField(1, name), bytesField(2, encoded)]));
  });
  return Buffer.concat(entries);
}
