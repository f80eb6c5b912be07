import { compareText } from '../../model/config-object.ts';
import { isJsonObject } from '../../schema/field/free-json.ts';
import { yamlOf } from '../yaml-text.ts';
import { isNode, type Node, nodeType, type Template, type TemplateObject, type Test, type TextPart } from './template.ts';
import { isEmpty, mergeValues, type Values, valueAt } from './values.ts';

/** Fills the places of a template; undefined where it is absent for these values. */
export function evaluate(template: Template, values: Values): unknown {
  if (typeof template !== 'object') return template;
  if (isNode(template)) return evaluateNode(template, values);
  if (isList(template)) return evaluateList(template, values);
  return evaluateObject(template, values);
}

export function isList(template: Template): template is readonly Template[] {
  return Array.isArray(template);
}

function evaluateObject(template: TemplateObject, values: Values): Values {
  const object: Record<string, unknown> = {};
  for (const key of Object.keys(template)) {
    const value = evaluate(template[key]!, values);
    if (value !== undefined) object[key] = value;
  }
  return object;
}

function evaluateList(template: readonly Template[], values: Values): unknown[] {
  return template.flatMap((item) => {
    const value = evaluate(item, values);
    if (value === undefined) return [];
    return typeof item === 'object' && isNode(item) && Array.isArray(value) ? (value as unknown[]) : [value];
  });
}

function evaluateNode(node: Node, values: Values): unknown {
  switch (node[nodeType]) {
    case 'value': {
      const value = valueAt(values, node.path);
      return isEmpty(value) && value !== 0 && value !== false ? undefined : value;
    }
    case 'text':
      return node.parts.map((part) => textOf(part, values)).join('');
    case 'when': {
      const branch = holds(node.test, values) ? node.then : node.otherwise;
      return branch === undefined ? undefined : evaluate(branch, values);
    }
    case 'with':
      return { ...evaluateObject(node.fields, values), ...mapAt(values, node.path) };
    case 'items': {
      const list = valueAt(values, node.path);
      return Array.isArray(list) ? (list as unknown[]) : [];
    }
    case 'each':
      return entriesAt(values, node.path).map(([key, value]) => evaluate(node.item, { ...values, itemKey: key, itemValue: value }));
    case 'document': {
      const base = evaluateObject(node.base, values);
      return yamlOf([node.path === undefined ? base : mergeValues(base, mapAt(values, node.path))]);
    }
  }
}

function entriesAt(values: Values, path: string): readonly (readonly [string | number, unknown])[] {
  const found = valueAt(values, path);
  if (Array.isArray(found)) return [...(found as unknown[]).entries()];
  return Object.entries(isJsonObject(found) ? found : {}).sort(([a], [b]) => compareText(a, b));
}

function mapAt(values: Values, path: string): Values {
  const map = valueAt(values, path);
  return isJsonObject(map) ? map : {};
}

function textOf(part: TextPart, values: Values): string {
  const value = typeof part === 'string' ? part : evaluateNode(part, values);
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

export function holds(test: Test, values: Values): boolean {
  switch (test.type) {
    case 'set':
      return !isEmpty(valueAt(values, test.path));
    case 'equals':
      return valueAt(values, test.path) === test.text;
    case 'not':
      return !holds(test.test, values);
    case 'all':
      return test.tests.every((each) => holds(each, values));
  }
}
