import type { KindName } from '../spec-by-kind.ts';

/** A document that fields are listed of: a kind, or one of the mesh's own. */
export type FieldOwner = KindName | 'MeshConfig' | 'MeshNetworks';

/**
 * What is to be said of fields that do not change what proxies are served. Every field of a schema either does (a golden case
 * shows it) or is covered by a remark.
 *
 * - `not supported`: Istio does something with it, Coxswain does not; whoever sets it is warned.
 * - `without effect`: Istio does nothing with it either; whoever sets it is warned.
 * - `elsewhere`: it has its effect, but not on what proxies are served over xDS.
 * - `different`: it has an effect of its own.
 * - `refused`: an object that sets it is in error, as in Istio.
 * - `not read`: a field of Kubernetes that neither Istio nor Coxswain looks at; nobody is warned.
 */
export type FieldState = 'not supported' | 'without effect' | 'elsewhere' | 'different' | 'refused' | 'not read';

export interface FieldRemark {
  readonly owner: FieldOwner;
  /** As `fieldPaths` writes them; a path stands for everything below it, and `**.` before it for wherever it occurs. */
  readonly paths: readonly string[];
  readonly state: FieldState;
  /** What the user is told, as the end of a sentence that begins with the field. */
  readonly says: string;
  /** Another rule warns already. */
  readonly isToldElsewhere?: true;
}

/** States of fields whose users are warned. */
export const warnedStates: readonly FieldState[] = ['not supported', 'without effect'];

/** Whether a remark's path covers a field's. */
export function covers(remarkPath: string, path: string): boolean {
  if (remarkPath.startsWith('**.')) return `.${path}.`.includes(`.${remarkPath.slice(3)}.`);
  return path === remarkPath || path.startsWith(`${remarkPath}.`) || path.startsWith(`${remarkPath}[]`) || remarkPath === '';
}
