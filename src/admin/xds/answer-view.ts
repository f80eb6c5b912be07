import type { EncodedResource, ResourceView } from '../../discovery/resource-source.ts';

/** A view that is worked out when it is asked for and never pushed: an answer, not a subscription. */
export function answerView(key: string, answer: { readonly all: () => readonly EncodedResource[] }): ResourceView {
  const all = () => new Map(answer.all().map((resource) => [resource.name, resource]));
  return {
    key,
    revision: () => 0,
    get: (name) => all().get(name),
    all,
    changedSince: () => new Set(),
    absent: () => undefined,
  };
}
