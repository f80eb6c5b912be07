import { isJsonObject } from '../../schema/field/free-json.ts';
import type { KubeObject } from '../kube-object.ts';

interface Condition {
  readonly type: string;
  readonly status: string;
  readonly reason?: string;
  readonly message?: string;
}

/** Conditions in which an API server says how far a removal is: of a CustomResourceDefinition, then of a namespace. */
const removalConditions = [
  'Terminating',
  'NamespaceDeletionDiscoveryFailure',
  'NamespaceDeletionGroupVersionParsingFailure',
  'NamespaceDeletionContentFailure',
  'NamespaceContentRemaining',
  'NamespaceFinalizersRemaining',
];

/** What keeps an object that was to be removed, as far as it says so itself; a few words for the end of a sentence. */
export function describeRemoval(object: KubeObject): string {
  const { deletionTimestamp, finalizers = [] } = object.metadata as KubeObject['metadata'] & {
    readonly deletionTimestamp?: string;
    readonly finalizers?: readonly string[];
  };
  if (deletionTimestamp === undefined) return 'nobody wants it removed any more, or somebody has made it anew';
  const waitsFor = finalizers.length === 0 ? [] : [`finalizers ${finalizers.join(', ')}`];
  return [`removal asked for at ${deletionTimestamp}`, ...waitsFor, ...conditionsOf(object).map(described)].join('; ');
}

function conditionsOf({ status }: KubeObject): readonly Condition[] {
  const conditions = isJsonObject(status) ? status['conditions'] : undefined;
  if (!Array.isArray(conditions)) return [];
  const found = conditions as unknown as readonly Condition[];
  return found.filter(({ type, status: is }) => removalConditions.includes(type) && is === 'True');
}

function described({ type, reason = '', message = '' }: Condition): string {
  return `${type}: ${[reason, message].filter((text) => text !== '').join(', ')}`;
}
