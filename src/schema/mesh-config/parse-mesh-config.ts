/** Reads the mesh's own documents: the mesh configuration and the networks. Neither is an object with kind and metadata. */

import type { Issue } from '../../model/issue.ts';
import { type Parsed, parseSpec } from '../field/parse.ts';
import { Report } from '../report.ts';
import type { ResolvedMeshConfig } from './default-mesh-config.ts';
import { meshConfig } from './mesh-config.ts';
import { type MeshNetworks, meshNetworks } from './mesh-networks.ts';
import { resolveMeshConfig } from './resolve-mesh-config.ts';
import { checkMeshConfig } from './validate-mesh-config.ts';
import { checkMeshNetworks } from './validate-mesh-networks.ts';

/**
 * The effective configuration of a `mesh` document, laid over `base` or Istio's defaults. Absent where an issue is an
 * error: the last good configuration stays in force then. An empty document (null) is the base itself.
 */
export function parseMeshConfig(json: unknown, base?: ResolvedMeshConfig): Parsed<ResolvedMeshConfig> {
  const parsed = parseSpec(meshConfig, json ?? {}, []);
  if (!parsed.value) return { issues: parsed.issues };
  const value = resolveMeshConfig(parsed.value, base);
  const report = new Report();
  checkMeshConfig(value, report);
  return outcome(value, [...parsed.issues, ...report.issues]);
}

/** A `meshNetworks` document: networks by name. */
export function parseMeshNetworks(json: unknown): Parsed<MeshNetworks> {
  const parsed = parseSpec(meshNetworks, json ?? {}, []);
  if (!parsed.value) return { issues: parsed.issues };
  const report = new Report();
  checkMeshNetworks(parsed.value, report);
  return outcome(parsed.value, [...parsed.issues, ...report.issues]);
}

function outcome<T>(value: T, issues: readonly Issue[]): Parsed<T> {
  return issues.some((issue) => issue.severity === 'error') ? { issues } : { value, issues };
}
