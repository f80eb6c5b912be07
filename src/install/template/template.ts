/**
 * Objects with places left open for the values of an installation. They are data, read in two ways: `evaluate` fills the
 * places (`coxswain manifest generate`), and `chartText` writes them as a Helm template. Both therefore say the same.
 */

/** Tells nodes from plain objects of a manifest, which may have any keys. */
export const nodeType: unique symbol = Symbol('template node');

export type Template = string | number | boolean | readonly Template[] | TemplateObject | Node;

export interface TemplateObject {
  readonly [key: string]: Template;
}

/** A value of the installation by its path (`pilot.replicaCount`), as it is. Absent, with its key, where it is empty. */
interface ValueNode {
  readonly [nodeType]: 'value';
  readonly path: string;
}

/** Text with values in it. */
interface TextNode {
  readonly [nodeType]: 'text';
  readonly parts: readonly TextPart[];
}

export type TextPart = string | ValueNode | TextNode | WhenNode;

/** One thing or another; without `otherwise` the key or item is absent where the test fails. */
interface WhenNode {
  readonly [nodeType]: 'when';
  readonly test: Test;
  readonly then: Template;
  readonly otherwise?: Template;
}

/** An object, and a map of the installation's values beside its own fields; what the values state wins. */
interface WithNode {
  readonly [nodeType]: 'with';
  readonly fields: TemplateObject;
  readonly path: string;
}

/** In a list: the items of a list among the values. */
interface ItemsNode {
  readonly [nodeType]: 'items';
  readonly path: string;
}

/** In a list: one item for each entry of a map (in the order of keys) or list; `itemKey` and `itemValue` stand for the entry's. */
interface EachNode {
  readonly [nodeType]: 'each';
  readonly path: string;
  readonly item: Template;
}

/** YAML as text: an object, with an object among the values laid over it, key by key to any depth. */
interface DocumentNode {
  readonly [nodeType]: 'document';
  readonly base: TemplateObject;
  readonly path?: string;
}

export type Node = ValueNode | TextNode | WhenNode | WithNode | ItemsNode | EachNode | DocumentNode;

/** Empty is what Helm's `if` takes as false: nothing, false, 0, an empty text, list or map. */
export type Test =
  | { readonly type: 'set'; readonly path: string }
  | { readonly type: 'equals'; readonly path: string; readonly text: string }
  | { readonly type: 'not'; readonly test: Test }
  | { readonly type: 'all'; readonly tests: readonly Test[] };

export function value(path: string): ValueNode {
  return { [nodeType]: 'value', path };
}

export function text(...parts: readonly TextPart[]): TextNode {
  return { [nodeType]: 'text', parts };
}

export function when(test: Test, then: Template, otherwise?: Template): WhenNode {
  return { [nodeType]: 'when', test, then, ...(otherwise !== undefined && { otherwise }) };
}

export function withValues(fields: TemplateObject, path: string): WithNode {
  return { [nodeType]: 'with', fields, path };
}

export function items(path: string): ItemsNode {
  return { [nodeType]: 'items', path };
}

export function each(path: string, item: Template): EachNode {
  return { [nodeType]: 'each', path, item };
}

/** Inside `each`: the key (of a list's item its index) and the value of the entry. */
export const itemKey = value('itemKey');
export const itemValue = value('itemValue');

export function yamlDocument(base: TemplateObject, path?: string): DocumentNode {
  return { [nodeType]: 'document', base, ...(path !== undefined && { path }) };
}

export function isSet(path: string): Test {
  return { type: 'set', path };
}

export function equals(path: string, expected: string): Test {
  return { type: 'equals', path, text: expected };
}

export function not(test: Test): Test {
  return { type: 'not', test };
}

export function all(...tests: readonly Test[]): Test {
  return { type: 'all', tests };
}

export function isNode(template: Template): template is Node {
  return typeof template === 'object' && nodeType in template;
}
