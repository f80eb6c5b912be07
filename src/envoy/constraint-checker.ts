import { type Rules, ruleFault } from './constraint-rules.ts';
import { type Field, type MessageType, messageNameOf, type TypeRegistry } from './type-registry.ts';

type Plain = Readonly<Record<string, unknown>>;
type Path = readonly (string | number)[];
/** By field; then the oneofs that must be set. */
type Constraints = readonly [fields: Readonly<Record<string, Readonly<Record<string, Rules>>>>, oneofs?: readonly string[]];

export interface ConstraintFault {
  readonly path: Path;
  /** Starts where the path ends: "is required". */
  readonly message: string;
}

/**
 * Holds plain messages against the constraints of their .proto files, as Envoy does with whatever it is sent
 * (protoc-gen-validate). Enum values that are newer than our protobufs are let through.
 */
export class ConstraintChecker {
  private readonly types: TypeRegistry;
  private readonly constraints: Readonly<Record<string, Constraints>>;

  constructor(types: TypeRegistry, constraintJson: string) {
    this.types = types;
    this.constraints = JSON.parse(constraintJson) as Readonly<Record<string, Constraints>>;
  }

  /** The first thing that is wrong, outside before inside; undefined: nothing. */
  check(type: MessageType, message: Plain, path: Path = []): ConstraintFault | undefined {
    if (type.isAny) return this.inside(message, path);
    const [rules = {}, oneofs = []] = this.constraints[type.name] ?? [];
    for (const [name, ofField] of Object.entries(rules)) {
      const field = type.byName.get(name);
      const fault = field && this.field(field, ofField, message[name], [...path, name]);
      if (fault) return fault;
    }
    for (const oneof of oneofs) {
      const members = type.fields.filter((field) => field.oneof === oneof);
      if (members.every(({ name }) => isAbsent(message[name])))
        return { path, message: `needs one of ${members.map(({ name }) => name).join(', ')}` };
    }
    for (const [name, value] of Object.entries(message)) {
      const field = type.byName.get(name);
      const fault = field?.kind === 'message' && !isAbsent(value) ? this.nested(field, value, [...path, name]) : undefined;
      if (fault) return fault;
    }
    return undefined;
  }

  private inside(any: Plain, path: Path): ConstraintFault | undefined {
    const url = any['@type'];
    const type = typeof url === 'string' ? this.types.find(messageNameOf(url)) : undefined;
    return type && this.check(type, any, path);
  }

  private nested(field: Field, value: unknown, path: Path): ConstraintFault | undefined {
    const type = this.types.messageOf(field.mapValue ?? field);
    const entries: Iterable<readonly [string | number, unknown]> =
      field.label === 'repeated'
        ? (value as readonly unknown[]).entries()
        : field.label === 'map'
          ? Object.entries(value as Plain)
          : [['', value]];
    for (const [key, one] of entries) {
      const fault = this.check(type, one as Plain, field.label === 'single' ? path : [...path, key]);
      if (fault) return fault;
    }
    return undefined;
  }

  private field(field: Field, rules: Readonly<Record<string, Rules>>, value: unknown, path: Path): ConstraintFault | undefined {
    for (const [kind, rule] of Object.entries(rules)) {
      const fault = kind === 'repeated' || kind === 'map' ? this.many(field, kind, rule, value, path) : one(field, kind, rule, value, path);
      if (fault) return fault;
    }
    return undefined;
  }

  private many(field: Field, kind: string, rules: Rules, value: unknown, path: Path): ConstraintFault | undefined {
    const entries: readonly (readonly [string | number, unknown])[] =
      kind === 'map' ? Object.entries((value ?? {}) as Plain) : [...((value ?? []) as readonly unknown[]).entries()];
    const min = Number(rules['min_items'] ?? rules['min_pairs'] ?? 0);
    if (entries.length < min) return { path, message: min === 1 ? 'is required' : `must have at least ${min} entries` };
    const max = Number(rules['max_items'] ?? rules['max_pairs'] ?? Number.POSITIVE_INFINITY);
    if (entries.length > max) return { path, message: `must have at most ${max} entries` };
    if (rules['unique'] === true && new Set(entries.map(([, item]) => JSON.stringify(item))).size < entries.length)
      return { path, message: 'must not have the same entry twice' };
    const ofEach = (rules['items'] ?? rules['values'] ?? {}) as Readonly<Record<string, Rules>>;
    const alone = { ...field, label: 'single', explicit: true } as const;
    for (const [key, item] of entries) {
      for (const [itemKind, rule] of Object.entries(ofEach)) {
        const fault = one(alone, itemKind, rule, item, [...path, key]);
        if (fault) return fault;
      }
    }
    return undefined;
  }
}

/** A single value. Members of a oneof count where they are set; zero counts where presence is not tracked, and a wrapper's value where there is a wrapper. */
function one(field: Field, kind: string, rules: Rules, value: unknown, path: Path): ConstraintFault | undefined {
  const isMissing = isAbsent(value);
  if (isMissing && field.oneof !== undefined) return undefined;
  if (rules['required'] === true && isMissing) return { path, message: 'is required' };
  if (kind === 'message' || kind === 'any' || (isMissing && (field.explicit || field.kind === 'message'))) return undefined;
  if (kind === 'enum') return enumFault(field, rules, value, path);
  const isWrapper = field.kind === 'message' && kind !== 'duration' && kind !== 'timestamp';
  const message = ruleFault(kind, rules, isWrapper ? (value as { readonly value?: unknown }).value : value);
  return message === undefined ? undefined : { path, message };
}

function enumFault({ enumType }: Field, rules: Rules, value: unknown, path: Path): ConstraintFault | undefined {
  const number = typeof value === 'string' ? (enumType?.byName.get(value) ?? 0) : Number(value ?? 0);
  const denied = rules['not_in'];
  const isDenied = Array.isArray(denied) ? denied.includes(number) : denied === number;
  return isDenied ? { path, message: `must not be ${enumType?.byNumber.get(number) ?? number}` } : undefined;
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}
