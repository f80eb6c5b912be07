import type { FieldRemark } from './field-remark.ts';

/** Fields of Istio's networking kinds. */
export const istioRemarks: readonly FieldRemark[] = [
  {
    owner: 'VirtualService',
    paths: ['http[].fault.delay.exponentialDelay', 'http[].fault.abort.http2Error'],
    state: 'refused',
    says: 'is not supported, in Istio neither: use fixedDelay, httpStatus or grpcStatus',
  },
  {
    owner: 'VirtualService',
    paths: ['tcp[].match[].sourceSubnet'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: the rule takes connections from everywhere',
  },
  {
    owner: 'DestinationRule',
    paths: ['**.outlierDetection.consecutiveErrors'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: use consecutiveGatewayErrors or consecutive5xxErrors',
    isToldElsewhere: true,
  },
  {
    owner: 'DestinationRule',
    paths: ['**.outlierDetection.outlierDetectionHttpErrorCodes'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: every status from 500 counts',
  },
  {
    owner: 'DestinationRule',
    paths: ['**.loadBalancer.backendUtilization'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: load reports of backends are not weighed',
  },
  {
    owner: 'Gateway',
    paths: ['servers[].port.targetPort'],
    state: 'refused',
    says: 'is not possible in a Gateway: the Service before it says which port of the proxy is meant',
  },
  {
    owner: 'Gateway',
    paths: ['servers[].defaultEndpoint', 'servers[].name'],
    state: 'without effect',
    says: 'has no effect, in Istio neither',
  },
  {
    owner: 'Gateway',
    paths: ['servers[].tls.tlsCertificates[].caCertificates'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: caCertificates of the server holds for all its certificates',
  },
  {
    owner: 'Sidecar',
    paths: ['ingress[].port.name', 'egress[].port.name'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: the number decides',
    isToldElsewhere: true,
  },
  {
    owner: 'Sidecar',
    paths: ['ingress[].connectionPool.http.h2UpgradePolicy', 'inboundConnectionPool.http.h2UpgradePolicy'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: towards the application the protocol of the port decides',
  },
  {
    owner: 'Sidecar',
    paths: [
      'ingress[].port.targetPort',
      'egress[].port.targetPort',
      'ingress[].tls.httpsRedirect',
      'ingress[].tls.subjectAltNames',
      'ingress[].tls.credentialName',
      'ingress[].tls.credentialNames',
      'ingress[].tls.tlsCertificates[]',
    ],
    state: 'refused',
    says: 'is not possible in a Sidecar',
  },
  {
    owner: 'Sidecar',
    paths: ['ingress[].tls.caCertCredentialName', 'ingress[].tls.verifyCertificateSpki', 'ingress[].tls.verifyCertificateHash'],
    state: 'without effect',
    says: 'has no effect, in Istio neither: it is looked at beside credentialName alone, which a Sidecar does not take',
  },
];
