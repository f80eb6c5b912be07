import { type ConfigObject, refOf } from '../../model/config-object.ts';
import type { Issue } from '../../model/issue.ts';
import type { EnvoyFilter, EnvoyObjectPatch } from '../../schema/envoy-filter/envoy-filter.ts';
import { issueCodes } from '../../schema/issue-codes.ts';
import type { ApplyTo, CompiledPatch, PatchOperation } from './compiled-patch.ts';
import type { PatchCodec } from './patch-codec.ts';

/** An EnvoyFilter as far as it can be applied. */
export interface CompiledFilter {
  /** By place in `configPatches`; what cannot be applied is missing. */
  readonly patches: ReadonlyMap<number, CompiledPatch>;
  /** Without positions; paths lead to the field. */
  readonly issues: readonly Issue[];
}

/** What is patched, as a message (Istio `BuildXDSObjectFromStruct`). */
export const patchedTypes: Partial<Readonly<Record<ApplyTo, string>>> = {
  LISTENER: 'envoy.config.listener.v3.Listener',
  FILTER_CHAIN: 'envoy.config.listener.v3.FilterChain',
  NETWORK_FILTER: 'envoy.config.listener.v3.Filter',
  LISTENER_FILTER: 'envoy.config.listener.v3.ListenerFilter',
  HTTP_FILTER: 'envoy.extensions.filters.network.http_connection_manager.v3.HttpFilter',
  ROUTE_CONFIGURATION: 'envoy.config.route.v3.RouteConfiguration',
  VIRTUAL_HOST: 'envoy.config.route.v3.VirtualHost',
  HTTP_ROUTE: 'envoy.config.route.v3.Route',
  CLUSTER: 'envoy.config.cluster.v3.Cluster',
  EXTENSION_CONFIG: 'envoy.config.core.v3.TypedExtensionConfig',
};

/** Where a place can be asked for before, after and in front of all others; everywhere else these mean ADD. */
const placed: ReadonlySet<ApplyTo> = new Set(['HTTP_FILTER', 'NETWORK_FILTER', 'HTTP_ROUTE', 'LISTENER_FILTER']);
const inserts: ReadonlySet<PatchOperation> = new Set(['INSERT_AFTER', 'INSERT_BEFORE', 'INSERT_FIRST']);

/** Reads the values of all patches. A bad one is left out and told; the others of the object are applied. */
export function compileFilter(object: ConfigObject<EnvoyFilter>, codec: PatchCodec): CompiledFilter {
  const patches = new Map<number, CompiledPatch>();
  const issues: Issue[] = [];
  for (const [index, patch] of (object.spec.configPatches ?? []).entries()) {
    const { compiled, problems } = compilePatch(object, index, patch, codec);
    if (compiled !== undefined) patches.set(index, compiled);
    issues.push(...problems.map((problem) => ({ ...problem, object: refOf(object) })));
  }
  return { patches, issues };
}

interface CompiledOne {
  readonly compiled?: CompiledPatch;
  readonly problems: readonly Issue[];
}

function compilePatch(object: ConfigObject<EnvoyFilter>, index: number, source: EnvoyObjectPatch, codec: PatchCodec): CompiledOne {
  const { applyTo = 'INVALID', match = {}, patch } = source;
  const path = ['spec', 'configPatches', index];
  if (match.context === 'WAYPOINT') return { problems: [withoutEffect([...path, 'match', 'context'], 'there are no waypoints yet')] };
  if (applyTo === 'BOOTSTRAP')
    return { problems: [withoutEffect([...path, 'applyTo'], 'bootstraps are not patched; give the agent another one')] };
  const { operation = 'INVALID', value } = patch ?? {};
  const typeName = patchedTypes[applyTo];
  if (typeName === undefined || operation === 'INVALID' || (operation !== 'REMOVE' && value === undefined)) return { problems: [] };
  const means = inserts.has(operation) && !placed.has(applyTo) ? 'ADD' : operation;
  const { namespace, name } = object;
  const compiled = { namespace, name, index, applyTo, operation: means, match };
  if (operation === 'REMOVE') return { compiled, problems: [] };
  const read = codec.readJson(typeName, value, means !== 'MERGE' && means !== 'MERGE_AND_REPLACE_LIST');
  const problems = read.problems.map((problem) => ({
    ...(problem.kind === 'invalid' ? refused : remarked),
    path: [...path, 'patch', 'value', ...problem.path],
    message: problem.message,
  }));
  const isRefused = read.problems.some(({ kind }) => kind === 'invalid');
  // What is merged need not be whole; what comes of it is looked at where it is merged.
  const fault =
    isRefused || means === 'MERGE' || means === 'MERGE_AND_REPLACE_LIST' ? undefined : codec.constraintFault(typeName, read.message);
  if (fault !== undefined)
    return { problems: [...problems, { ...refused, path: [...path, 'patch', 'value', ...fault.path], message: fault.message }] };
  return isRefused ? { problems } : { compiled: { ...compiled, value: read.message }, problems };
}

const refused = { code: issueCodes.patchNotApplied, severity: 'error', hint: 'the patch is not applied; all others are' } as const;
const remarked = { code: issueCodes.schemaWarning, severity: 'warning' } as const;

function withoutEffect(path: Issue['path'] & object, message: string): Issue {
  return { code: issueCodes.withoutEffect, severity: 'warning', message, path };
}
