/** Environment of a proxyless gRPC client or server in namespace `default`, in the form that all implementations read. */
export function grpcBootstrapEnv(xdsAddress: string, ip = '127.0.1.9'): Readonly<Record<string, string>> {
  const bootstrap = {
    xds_servers: [{ server_uri: xdsAddress, channel_creds: [{ type: 'insecure' }], server_features: ['xds_v3'] }],
    server_listener_resource_name_template: 'xds.istio.io/grpc/lds/inbound/%s',
    node: {
      id: `sidecar~${ip}~app.default~default.svc.cluster.local`,
      metadata: { GENERATOR: 'grpc', NAMESPACE: 'default' },
      locality: { region: 'region', zone: 'zone' },
    },
  };
  return { GRPC_XDS_BOOTSTRAP_CONFIG: JSON.stringify(bootstrap) };
}
