import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { InboundScope } from '../../mesh/scope.ts';
import type { ConfigObject } from '../../model/config-object.ts';
import type { ServiceTarget } from '../../model/service-target.ts';
import type { Sidecar } from '../../schema/sidecar/sidecar.ts';

/** The services and ports behind the targets of a scope; what has gone meanwhile is left out. */
export function targetsOf(mesh: Mesh, read: Read, scope: InboundScope): readonly ServiceTarget[] {
  return scope.targets.flatMap(({ service: key, port: number, targetPort }) => {
    const service = read(mesh.inputs.services.at(key));
    const port = service?.ports.find((candidate) => candidate.number === number);
    return service === undefined || port === undefined ? [] : [{ service, port, targetPort }];
  });
}

/** The Sidecar object that holds for the workload. */
export function sidecarOf(mesh: Mesh, read: Read, scope: InboundScope): ConfigObject<Sidecar> | undefined {
  return scope.sidecar === undefined ? undefined : read(mesh.inputs.config.sidecars.at(scope.sidecar));
}
