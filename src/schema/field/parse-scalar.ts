import { parseDurationMs } from '../../lib/duration.ts';
import { closestOf } from './did-you-mean.ts';
import type { ChoiceShape, DurationShape, FieldShape, IntOrStringShape, NumberShape, StringShape } from './field.ts';
import { describeJson } from './free-json.ts';
import type { ParseContext } from './parse-context.ts';

type ScalarShape = Exclude<FieldShape, { readonly type: 'list' | 'map' | 'object' | 'struct' | 'anyValue' | 'lazy' }>;

/** Parses a text, number, bool and the texts with a syntax; undefined after an error. */
export function parseScalar(shape: ScalarShape, value: unknown, context: ParseContext): unknown {
  switch (shape.type) {
    case 'string':
      return parseString(shape, value, context);
    case 'choice':
      return parseChoice(shape, value, context);
    case 'bool':
      return typeof value === 'boolean' ? value : context.error(`must be true or false, not ${describeJson(value)}`);
    case 'number':
      return parseNumber(shape, value, context);
    case 'duration':
      return parseDuration(shape, value, context);
    case 'quantity':
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      if (typeof value === 'string' && quantityText.test(value)) return value;
      return context.error(`must be a quantity such as 500m or 1Gi, not ${describeJson(value)}`);
    case 'intOrString':
      return parseIntOrString(shape, value, context);
    case 'bytes':
      if (typeof value === 'string' && base64Text.test(value)) return value;
      return context.error('must be base64 text');
  }
}

const quantityText = /^[+-]?(\d+\.?\d*|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/;
const base64Text = /^[A-Za-z0-9+/_\-\s]*={0,2}\s*$/;

function parseString(shape: StringShape, value: unknown, context: ParseContext): string | undefined {
  if (typeof value !== 'string') return context.error(`must be a text, not ${describeJson(value)}`);
  const { minLength = 0, maxLength } = shape;
  if (minLength > 0 && value.length < minLength) {
    return context.error(minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`);
  }
  if (maxLength !== undefined && value.length > maxLength && countCodePoints(value) > maxLength) {
    return context.error(`must have at most ${maxLength} characters`);
  }
  const wrong = shape.check?.(value);
  return wrong === undefined ? value : context.error(wrong);
}

function countCodePoints(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function parseChoice(shape: ChoiceShape, value: unknown, context: ParseContext): string | undefined {
  if (typeof value === 'string' && shape.values.includes(value)) return value;
  const meant = typeof value === 'string' ? closestOf(value, shape.values) : undefined;
  const message = `must be one of ${shape.values.join(', ')}, not ${describeJson(value)}`;
  return context.error(message, meant === undefined ? undefined : `did you mean "${meant}"?`);
}

function parseNumber(shape: NumberShape, value: unknown, context: ParseContext): number | undefined {
  const number = context.dialect === 'proto' && typeof value === 'string' && numberText.test(value) ? Number(value) : value;
  const kind = shape.integer ? 'a whole number' : 'a number';
  if (typeof number !== 'number' || !Number.isFinite(number) || (shape.integer && !Number.isInteger(number))) {
    return context.error(`must be ${kind}, not ${describeJson(value)}`);
  }
  if (number < shape.min) return context.error(`must be at least ${shape.min}, not ${number}`);
  if (number > shape.max) return context.error(`must be at most ${shape.max}, not ${number}`);
  return number;
}

function parseIntOrString(shape: IntOrStringShape, value: unknown, context: ParseContext): number | string | undefined {
  if (typeof value === 'string') return value;
  if (typeof value !== 'number' || !Number.isInteger(value)) {
    return context.error(`must be a whole number or a text, not ${describeJson(value)}`);
  }
  const { min = Number.NEGATIVE_INFINITY, max = Number.POSITIVE_INFINITY } = shape;
  if (value < min) return context.error(`must be at least ${min}, not ${value}`);
  if (value > max) return context.error(`must be at most ${max}, not ${value}`);
  return value;
}

/** Proto JSON accepts numbers as text. */
const numberText = /^-?\d{1,20}(\.\d{1,20})?$/;

function parseDuration(shape: DurationShape, value: unknown, context: ParseContext): string | undefined {
  const ms = typeof value === 'string' ? parseDurationMs(value) : undefined;
  if (ms === undefined) return context.error(`must be a duration such as 5s or 100ms, not ${describeJson(value)}`);
  if (shape.minMs !== undefined && ms < shape.minMs) return context.error(`must be at least ${shape.minMs}ms`);
  if (shape.maxMs !== undefined && ms > shape.maxMs) return context.error(`must be at most ${shape.maxMs}ms`);
  return value as string;
}
