import type { FieldOwner, FieldRemark, FieldState } from './field-remark.ts';

const unsigned = 'has no effect, in Istio neither: signatures of modules are not checked; sha256 pins what is fetched';

/** Fields of what changes proxies by hand, of Telemetry, and of modules. */
export const extensionRemarks: readonly FieldRemark[] = [
  remark('EnvoyFilter', 'without effect', 'has no effect, in Istio neither: use portNumber', ['configPatches[].match.listener.portName']),
  remark('EnvoyFilter', 'without effect', 'has no effect, in Istio neither', [
    'configPatches[].match.listener.filterChain.transportSocket',
    'configPatches[].patch.filterClass',
  ]),
  { ...remark('EnvoyFilter', 'not supported', 'waits for ambient mode', ['configPatches[].match.waypoint']), isToldElsewhere: true },
  ...(['WasmPlugin', 'Telemetry'] as const).map((owner) => otherNamespace(owner, ['targetRef.namespace', 'targetRefs[].namespace'])),
  ...(['EnvoyFilter', 'TrafficExtension'] as const).map((owner) => otherNamespace(owner, ['targetRefs[].namespace'])),
  remark('WasmPlugin', 'without effect', unsigned, ['verificationKey']),
  remark('TrafficExtension', 'without effect', unsigned, ['wasm.verificationKey']),
];

function otherNamespace(owner: FieldOwner, paths: readonly string[]): FieldRemark {
  return remark(owner, 'refused', 'must not be set: references stay within the namespace', paths);
}

function remark(owner: FieldOwner, state: FieldState, says: string, paths: readonly string[]): FieldRemark {
  return { owner, paths, state, says };
}
