import type { Part } from '../../incremental/layered-union.ts';
import type { Issue } from '../../model/issue.ts';
import type { Service } from '../../model/service.ts';
import { registryIssueCodes } from '../issue-codes.ts';
import { isLive, type MergeLayer, type ServiceParts, shardName } from './merge-layer.ts';
import { countedServices, type MergeMode } from './merge-mode.ts';
import { protocolConflicts } from './merge-ports.ts';

/** A disagreement between two registries about one host. */
export interface MergeConflict {
  readonly issue: Issue;
  /** Id of the live registry that does not get its way. */
  readonly registry: string;
}

/** What the owner of a host should know about its merge. Only disagreements with live registries: all others are Istio's own. */
export function mergeConflicts(parts: ServiceParts, mode: MergeMode): readonly MergeConflict[] {
  const [first, ...others] = parts;
  if (!first) return [];
  const counted = new Set<unknown>(countedServices(parts, mode));
  const issuesOf = (other: ServicePart): readonly Issue[] => {
    if (!counted.has(other)) return [shadowed(first, other)];
    return [...portIssues(parts.slice(0, parts.indexOf(other)), other), ...exposureIssues(first, other)];
  };
  return others
    .filter(({ layer }) => isLive(layer))
    .flatMap((other) => issuesOf(other).map((issue) => ({ issue, registry: other.layer.registry.id })));
}

type ServicePart = Part<MergeLayer, Service>;

function shadowed(strong: ServicePart, weak: ServicePart): Issue {
  const { hostname, source } = strong.value;
  return {
    code: registryIssueCodes.shadowedHost,
    severity: 'warning',
    message: `${hostname} of ${shardName(weak.layer)} is shadowed by ${shardName(strong.layer)}: the host is exclusive`,
    object: source,
  };
}

/** Compares with the first stronger registry that has the port. */
function portIssues(stronger: ServiceParts, weak: ServicePart): readonly Issue[] {
  const reported = new Set<number>();
  return stronger.flatMap((part) =>
    protocolConflicts(part.value.ports, weak.value.ports).flatMap((conflict) => {
      const { number } = conflict.strong;
      if (reported.has(number)) return [];
      reported.add(number);
      const [mine, theirs] = [conflict.strong.protocol, conflict.weak.protocol];
      return [
        {
          code: registryIssueCodes.portProtocolConflict,
          severity: 'warning' as const,
          message: `port ${number} of ${weak.value.hostname} is ${mine} in ${shardName(part.layer)} and ${theirs} in ${shardName(weak.layer)}: ${mine} counts`,
          object: part.value.source,
        },
      ];
    }),
  );
}

function exposureIssues(strong: ServicePart, weak: ServicePart): readonly Issue[] {
  const [a, b] = [strong.value, weak.value];
  const differences: string[] = [];
  if (a.exportTo.join() !== b.exportTo.join()) differences.push(`is exported to ${a.exportTo.join(', ')} and to ${b.exportTo.join(', ')}`);
  if (a.meshExternal !== b.meshExternal)
    differences.push(`is ${a.meshExternal ? 'outside' : 'inside'} and ${b.meshExternal ? 'outside' : 'inside'} the mesh`);
  return differences.map((text) => ({
    code: registryIssueCodes.narrowedHost,
    severity: 'info',
    message: `for ${shardName(strong.layer)} and ${shardName(weak.layer)} ${a.hostname} ${text}: the narrower counts`,
    object: a.source,
  }));
}
