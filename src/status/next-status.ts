import { formatPath, type Issue } from '../model/issue.ts';
import { formatRef } from '../model/object-ref.ts';
import { type ConditionNow, conditionOf, withCondition } from './condition.ts';
import type { ObjectFacts, Refusal } from './object-facts.ts';

/** The status of an Istio object, as far as we write it; other fields and conditions are left alone. */
export interface ObjectStatus {
  readonly conditions?: readonly unknown[];
  readonly validationMessages?: readonly object[];
  readonly observedGeneration?: number | string;
}

export interface StatusContext {
  readonly generation: number;
  /** Whether `Reconciled` and `validationMessages` are written, as istiod does with PILOT_ENABLE_ANALYSIS. */
  readonly withAnalysis: boolean;
  readonly nowMs: number;
}

const programmed = 'Programmed';
const reconciled = 'Reconciled';
/** Issues, and bytes of Envoy's words, that a condition quotes. */
const maxQuoted = 10;
const maxWordsLength = 2000;

/**
 * The fields of the status that say the facts; none where nothing was ever wrong with the object: an object of which there is nothing to
 * say is not written to. `facts` are undefined where nothing is wrong now.
 */
export function nextStatus(current: ObjectStatus, facts: ObjectFacts | undefined, context: StatusContext): ObjectStatus {
  const conditions = current.conditions ?? [];
  const known = (type: string) => conditionOf(conditions, type) !== undefined;
  let next = conditions;
  const state = programmedNow(facts, context);
  if (state.status !== 'True' || known(programmed)) next = withCondition(next, state, context.nowMs);
  const messages = context.withAnalysis ? (facts?.issues ?? []).map(validationMessage) : undefined;
  const isAnalysed = messages !== undefined && (messages.length > 0 || known(reconciled) || (current.validationMessages ?? []).length > 0);
  if (isAnalysed) next = withCondition(next, reconciledNow(facts, context), context.nowMs);
  if (next === conditions && !isAnalysed) return {};
  return { conditions: next, ...(isAnalysed && { validationMessages: messages, observedGeneration: context.generation }) };
}

function programmedNow(facts: ObjectFacts | undefined, { generation }: StatusContext): ConditionNow {
  const base = { type: programmed, observedGeneration: generation };
  const errors = (facts?.issues ?? []).filter(({ severity }) => severity === 'error');
  if (errors.length > 0) return { ...base, status: 'False', reason: 'Invalid', message: issueLines(errors) };
  const refusals = facts?.refusals ?? [];
  if (refusals.length === 0) return { ...base, status: 'True', reason: programmed, message: 'no proxy refuses what comes of the object' };
  const isCertain = refusals.some(({ suspects }) => suspects.length === 1);
  const message = refusals.slice(0, maxQuoted).map(refusalText).join('\n');
  return { ...base, status: isCertain ? 'False' : 'Unknown', reason: 'RefusedByProxies', message };
}

function reconciledNow(facts: ObjectFacts | undefined, { generation }: StatusContext): ConditionNow {
  const errors = (facts?.issues ?? []).filter(({ severity }) => severity === 'error');
  const base = { type: reconciled, observedGeneration: generation };
  if (errors.length === 0) return { ...base, status: 'True', reason: reconciled, message: 'the object is in force' };
  return { ...base, status: 'False', reason: 'Invalid', message: `the last good version stays in force: ${issueLines(errors)}` };
}

function issueLines(issues: readonly Issue[]): string {
  const more = issues.length > maxQuoted ? [`and ${issues.length - maxQuoted} more`] : [];
  return [...issues.slice(0, maxQuoted).map(issueText), ...more].join('\n');
}

function issueText({ path = [], message, hint, code }: Issue): string {
  return `${path.length > 0 ? `${formatPath(path)}: ` : ''}${message}${hint === undefined ? '' : ` (${hint})`} [${code}]`;
}

/** `spec.http[0].match[0].uri.regex: missing ): (a; refused by 3 proxies: web-1.shop, web-2.shop, ...`. */
function refusalText({ message, suspects, proxies, count }: Refusal): string {
  const [only] = suspects;
  const field = suspects.length === 1 && only !== undefined && only.path.length > 0 ? `${formatPath(only.path)}: ` : '';
  const among = suspects.length > 1 ? `; it comes of one of ${suspects.map(({ ref }) => formatRef(ref)).join(', ')}` : '';
  const who = `refused by ${count} ${count === 1 ? 'proxy' : 'proxies'}: ${proxies.join(', ')}${count > proxies.length ? ', ...' : ''}`;
  return `${field}${message.slice(0, maxWordsLength).trimEnd()}; ${who}${among}`;
}

/** Istio's `AnalysisMessageBase`; its text has no place there, the condition tells it. */
function validationMessage({ code, severity }: Issue): object {
  return { type: { code }, level: severity.toUpperCase() };
}
