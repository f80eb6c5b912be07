import type { Read } from '../../incremental/cell.ts';
import type { Mesh } from '../../mesh/mesh.ts';
import type { ObservedScope } from '../../mesh/scope.ts';
import type { FilterContext } from '../filters/listener-class.ts';

/** What Telemetry objects and extensions come to for the listeners of a scope. */
export function observedContext(
  mesh: Mesh,
  read: Read,
  { telemetry = '', extensions = '', spanService }: ObservedScope = {},
): Pick<FilterContext, 'telemetry' | 'extensions' | 'spanService'> {
  return {
    telemetry: read(mesh.telemetry.resolved(telemetry)),
    ...(extensions !== '' && { extensions: read(mesh.extensions.resolved(extensions)) }),
    ...(spanService !== undefined && { spanService }),
  };
}
