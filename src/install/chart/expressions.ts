import { nodeType, type Test, type TextPart } from '../template/template.ts';
import { isEmpty, type Values, valueAt } from '../template/values.ts';

/** What a chart calls the values of an installation, and what they are where nobody says otherwise. */
export interface ChartValues {
  readonly chart: string;
  /** Values of this object stand at the top of the chart's. */
  readonly flattened?: string;
  readonly defaults: Values;
}

/** What kind of value stands at a path: decides how it is written. */
export type ValueType = 'optional text' | 'text' | 'number or text' | 'scalar' | 'tree';

/** Numbers of pods are numbers, shares of them text. */
const numberOrText: ReadonlySet<string> = new Set(['rollingMaxSurge', 'rollingMaxUnavailable']);

/** Throws where a chart has no default for a path: Helm could not say what type it is. */
export function typeAt(path: string, values: ChartValues): ValueType {
  if (path === 'itemKey' || path === 'itemValue') return 'text';
  const known = chartPath(path, values);
  const standard = valueAt(values.defaults, known);
  if (standard === undefined) throw new Error(`the chart ${values.chart} has no default for ${known}`);
  if (typeof standard === 'object') return 'tree';
  if (typeof standard !== 'string') return 'scalar';
  if (numberOrText.has(known.split('.').at(-1)!)) return 'number or text';
  return isEmpty(standard) ? 'optional text' : 'text';
}

function chartPath(path: string, { flattened }: ChartValues): string {
  return flattened !== undefined && path.startsWith(`${flattened}.`) ? path.slice(flattened.length + 1) : path;
}

/** A path as an expression of Go's templates. */
export function reference(path: string, values: ChartValues): string {
  if (path === 'itemKey') return '$key';
  return path === 'itemValue' ? '$item' : `$v.${chartPath(path, values)}`;
}

export function condition(test: Test, values: ChartValues): string {
  switch (test.type) {
    case 'set':
      return reference(test.path, values);
    case 'equals':
      return `eq ${reference(test.path, values)} ${JSON.stringify(test.text)}`;
    case 'not':
      return `not ${inBrackets(condition(test.test, values))}`;
    case 'all':
      return `and ${test.tests.map((each) => inBrackets(condition(each, values))).join(' ')}`;
  }
}

function inBrackets(expression: string): string {
  return expression.includes(' ') ? `(${expression})` : expression;
}

/** Text with expressions in it, for inside double quotes. */
export function interpolated(part: TextPart, values: ChartValues): string {
  if (typeof part === 'string') return JSON.stringify(part).slice(1, -1);
  switch (part[nodeType]) {
    case 'value':
      return `{{ ${reference(part.path, values)} }}`;
    case 'text':
      return part.parts.map((each) => interpolated(each, values)).join('');
    case 'when': {
      const { then, otherwise } = part;
      const rest = otherwise === undefined ? '' : `{{ else }}${interpolated(otherwise as TextPart, values)}`;
      return `{{ if ${condition(part.test, values)} }}${interpolated(then as TextPart, values)}${rest}{{ end }}`;
    }
  }
}
