import type { HeaderValueOption } from '../../envoy/generated/envoy/config/core/v3/HeaderValueOption.ts';
import type { HeaderChange } from '../outcome.ts';
import { wrappedBool } from '../wrapped.ts';
import type { Decision, RouteDecision } from './decision.ts';

/** What routes do to the headers of a request. */
export function requestHeaderChanges(decision: RouteDecision): readonly HeaderChange[] {
  return levelsOf(decision).flatMap((level) => changesOf(level.request_headers_to_add, level.request_headers_to_remove));
}

/** What they do to the headers of its answer, be it the proxy's own. */
export function responseHeaderChanges(decision: Decision): readonly HeaderChange[] {
  if (decision.kind !== 'route') return [];
  return levelsOf(decision).flatMap((level) => changesOf(level.response_headers_to_add, level.response_headers_to_remove));
}

/** Who may change headers, in the order in which they do: the closest first, so that the table has the last word. */
function levelsOf({ table, host, compiled, weighted }: RouteDecision) {
  const levels = [weighted, compiled.route, host, table].filter((level) => level !== undefined);
  return table.most_specific_header_mutations_wins === true ? levels.toReversed() : levels;
}

const actions: Readonly<Record<string, HeaderChange['action']>> = {
  APPEND_IF_EXISTS_OR_ADD: 'append',
  ADD_IF_ABSENT: 'add if absent',
  OVERWRITE_IF_EXISTS_OR_ADD: 'overwrite',
  OVERWRITE_IF_EXISTS: 'overwrite if there',
};

/** Of one level (Envoy `HeaderParser::evaluateHeaders`): what is removed, then what is overwritten, then the rest; nothing becomes empty. */
function changesOf(added: readonly HeaderValueOption[] = [], removed: readonly string[] = []): readonly HeaderChange[] {
  const changes = added
    .filter(({ header, keep_empty_value }) => header?.value || keep_empty_value === true)
    .map(({ header, append, append_action }): HeaderChange => {
      const action = wrappedBool(append, true) ? (actions[String(append_action ?? 'APPEND_IF_EXISTS_OR_ADD')] ?? 'append') : 'overwrite';
      return { action, name: (header?.key ?? '').toLowerCase(), value: header?.value ?? '' };
    });
  const overwrites = ({ action }: HeaderChange) => action === 'overwrite' || action === 'overwrite if there';
  return [
    ...removed.map((name): HeaderChange => ({ action: 'remove', name: name.toLowerCase(), value: '' })),
    ...changes.filter(overwrites),
    ...changes.filter((change) => !overwrites(change)),
  ];
}
