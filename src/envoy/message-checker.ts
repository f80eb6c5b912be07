import { integerRanges } from './integer-ranges.ts';
import { type Field, type MessageType, messageNameOf, type ScalarType, type TypeRegistry } from './type-registry.ts';

type Plain = Readonly<Record<string, unknown>>;

/** Walks a plain message over its descriptors and says what does not fit, with paths. */
export class MessageChecker {
  private readonly types: TypeRegistry;

  constructor(types: TypeRegistry) {
    this.types = types;
  }

  check(type: MessageType, message: unknown): string[] {
    const problems: string[] = [];
    this.message(type, message, '', problems);
    return problems;
  }

  private message(type: MessageType, message: unknown, path: string, problems: string[]): void {
    if (typeof message !== 'object' || message === null || Array.isArray(message) || message instanceof Uint8Array) {
      problems.push(`${path || '.'}: ${describe(message)} is not a ${type.name}`);
      return;
    }
    const plain = message as Plain;
    if (type.isAny && plain['@type'] !== undefined) this.any(plain, path, problems);
    else this.fields(type, plain, false, path, problems);
  }

  private any(message: Plain, path: string, problems: string[]): void {
    const url = message['@type'];
    const inner = typeof url === 'string' ? this.types.find(messageNameOf(url)) : undefined;
    if (inner) this.fields(inner, message, true, path, problems);
    else problems.push(`${path || '.'}: unknown @type ${describe(url)}`);
  }

  private fields(type: MessageType, message: Plain, typed: boolean, path: string, problems: string[]): void {
    const oneofs = new Map<string, string>();
    for (const [name, value] of Object.entries(message)) {
      if (value === undefined || value === null || (typed && name === '@type')) continue;
      const at = path === '' ? name : `${path}.${name}`;
      const field = type.byName.get(name);
      if (!field) {
        problems.push(`${at}: ${type.name} has no such field`);
        continue;
      }
      if (field.oneof !== undefined) {
        const other = oneofs.get(field.oneof);
        if (other !== undefined) problems.push(`${at}: ${other} of the same oneof ${field.oneof} is set too`);
        oneofs.set(field.oneof, name);
      }
      this.field(field, value, at, problems);
    }
  }

  private field(field: Field, value: unknown, path: string, problems: string[]): void {
    if (field.label === 'repeated') {
      if (!Array.isArray(value)) problems.push(`${path}: ${describe(value)} is not a list`);
      else for (const [index, item] of value.entries()) this.value(field, item, `${path}[${index}]`, problems);
    } else if (field.label === 'map') {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) problems.push(`${path}: ${describe(value)} is not a map`);
      else this.entries(field, value as Plain, path, problems);
    } else this.value(field, value, path, problems);
  }

  private entries(field: Field, entries: Plain, path: string, problems: string[]): void {
    for (const [key, value] of Object.entries(entries)) {
      const at = `${path}[${JSON.stringify(key)}]`;
      if (
        field.mapKey !== 'string' &&
        scalarProblem(field.mapKey ?? 'string', field.mapKey === 'bool' ? key === 'true' : key) !== undefined
      )
        problems.push(`${at}: not a key of type ${field.mapKey}`);
      if (value !== undefined && value !== null) this.value(field, value, at, problems);
    }
  }

  private value(field: Field, value: unknown, path: string, problems: string[]): void {
    if (field.kind === 'message') this.message(this.types.get(field.messageName), value, path, problems);
    else if (field.enumType !== undefined) {
      const known = typeof value === 'number' ? field.enumType.byNumber.has(value) : field.enumType.byName.has(value as string);
      if (!known) problems.push(`${path}: ${describe(value)} is not a ${field.enumType.name}`);
    } else {
      const problem = scalarProblem(field.scalar ?? 'bytes', value);
      if (problem !== undefined) problems.push(`${path}: ${problem}`);
    }
  }
}

function scalarProblem(type: ScalarType, value: unknown): string | undefined {
  return fits(type, value) ? undefined : `${describe(value)} is not of type ${type}`;
}

function fits(type: ScalarType, value: unknown): boolean {
  if (type === 'string') return typeof value === 'string';
  if (type === 'bytes') return value instanceof Uint8Array || (typeof value === 'string' && /^[A-Za-z0-9+/_-]*={0,2}$/.test(value));
  if (type === 'bool') return typeof value === 'boolean';
  if (type === 'double' || type === 'float')
    return typeof value === 'number' || value === 'NaN' || value === 'Infinity' || value === '-Infinity';
  const range = integerRanges[type];
  const integer = toBigInt(value);
  return range !== undefined && integer !== undefined && integer >= range[0] && integer <= range[1];
}

function toBigInt(value: unknown): bigint | undefined {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number') return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  return typeof value === 'string' && /^-?\d{1,20}$/.test(value) ? BigInt(value) : undefined;
}

function describe(value: unknown): string {
  return typeof value === 'object' && value !== null
    ? Array.isArray(value)
      ? 'a list'
      : 'an object'
    : (JSON.stringify(value) ?? String(value));
}
