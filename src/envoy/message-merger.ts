import { isUnset } from './is-unset.ts';
import { type Field, type MessageType, messageNameOf, type TypeRegistry } from './type-registry.ts';

type Plain = Readonly<Record<string, unknown>>;

/** What happens to lists that both messages have. */
export type ListMerge = 'append' | 'replace';

/**
 * Merges plain messages as protobuf does: lists grow, entries of maps are replaced, messages are merged field by field, and
 * setting one member of a oneof takes the others away. A field that is zero without tracked presence is not set, so that a
 * wrapper with `false` leaves one with `true` as it is. As in Istio (`pkg/proto/merge`) durations are replaced as a whole.
 */
export class MessageMerger {
  private readonly types: TypeRegistry;

  constructor(types: TypeRegistry) {
    this.types = types;
  }

  merge(type: MessageType, into: Plain, from: Plain, lists: ListMerge): Plain {
    if (type.isAny) return mergedAny(into, from);
    const merged: Record<string, unknown> = { ...into };
    for (const [name, value] of Object.entries(from)) {
      const field = type.byName.get(name);
      if (field === undefined || value === undefined || value === null || isUnset(field, value)) continue;
      if (field.oneof !== undefined) {
        for (const other of type.fields) if (other.oneof === field.oneof && other !== field) delete merged[other.name];
      }
      merged[name] = this.field(field, merged[name], value, lists);
    }
    return merged;
  }

  /**
   * The message inside of an Any merged into that inside of another (Istio `MergeAnyWithAny`). Undefined: they are of different
   * types, or of one that is not loaded.
   */
  mergeInside(into: Plain, from: Plain): Plain | undefined {
    const url = into['@type'];
    const other = from['@type'];
    if (typeof url !== 'string' || typeof other !== 'string' || messageNameOf(url) !== messageNameOf(other)) return undefined;
    const type = this.types.find(messageNameOf(url));
    if (type === undefined) return undefined;
    const { '@type': _i, ...target } = into;
    const { '@type': _f, ...source } = from;
    return { '@type': url, ...this.merge(type, target, source, 'append') };
  }

  private field(field: Field, into: unknown, from: unknown, lists: ListMerge): unknown {
    if (field.label === 'repeated') {
      const before = lists === 'append' ? ((into as readonly unknown[] | undefined) ?? []) : [];
      return [...before, ...(from as readonly unknown[])];
    }
    if (field.label === 'map') return { ...(into as Plain | undefined), ...(from as Plain) };
    if (field.kind !== 'message' || into === undefined || into === null || field.messageName === 'google.protobuf.Duration') return from;
    return this.merge(this.types.messageOf(field), into as Plain, from as Plain, lists);
  }
}

/** An Any is its type and its bytes; a message in which nothing is set has no bytes to put in place of others. */
function mergedAny(into: Plain, from: Plain): Plain {
  const isEmpty = Object.keys(from).every((name) => name === '@type');
  return isEmpty && from['@type'] === into['@type'] ? into : from;
}
