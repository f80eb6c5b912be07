import { stringify } from 'yaml';
import type { ChartTemplate } from '../template/chart-template.ts';
import { isList } from '../template/evaluate.ts';
import { isNode, type Node, nodeType, type Template, type TemplateObject } from '../template/template.ts';
import { type ChartValues, condition, interpolated, reference, typeAt } from './expressions.ts';

/**
 * Writes templates in the language of Helm: what `evaluate` does with the same template, said in Go's templates. Objects that
 * values are laid over need definitions of their own, which are gathered.
 */
export class TemplateText {
  private readonly values: ChartValues;
  private readonly file: string;
  private readonly definitions: string[] = [];

  private constructor(values: ChartValues, file: string) {
    this.values = values;
    this.file = file;
  }

  /** A whole file: the objects, and the definitions that they need. */
  static fileOf(values: ChartValues, file: string, templates: readonly ChartTemplate[]): string {
    const writer = new TemplateText(values, file);
    const documents = templates.flatMap(({ object, only }) => {
      const lines = ['---', ...writer.fields(object, 0)];
      return only === undefined ? lines : [`{{- if ${condition(only, values)} }}`, ...lines, '{{- end }}'];
    });
    return `${[...writer.definitions, `{{- ${readValues(values)} }}`, ...documents].join('\n')}\n`;
  }

  /** The fields of an object, one or more lines each. */
  private fields(object: TemplateObject, indent: number): readonly string[] {
    return Object.keys(object).flatMap((key) => this.field(key, object[key]!, indent));
  }

  private field(key: string, template: Template, indent: number): readonly string[] {
    const start = `${pad(indent)}${scalarText(key)}:`;
    if (typeof template !== 'object') return [`${start} ${scalarText(template)}`];
    if (isNode(template)) return this.nodeField(key, start, template, indent);
    if (isList(template)) return template.length === 0 ? [`${start} []`] : [start, ...this.listItems(template, indent)];
    return Object.keys(template).length === 0 ? [`${start} {}`] : [start, ...this.fields(template, indent + 2)];
  }

  private nodeField(key: string, start: string, node: Node, indent: number): readonly string[] {
    switch (node[nodeType]) {
      case 'value':
        return this.valueField(start, node.path, indent);
      case 'text':
        return [`${start} ${this.quoted(node)}`];
      case 'when':
        return this.branches(node, (branch) => this.field(key, branch, indent));
      case 'with':
        return [start, `${pad(indent + 2)}{{- ${this.laidOver(node.fields, node.path)} | toYaml | nindent ${indent + 2} }}`];
      case 'document': {
        const text = node.path === undefined ? `include ${this.define(node.base)} $ | fromYaml` : this.laidOver(node.base, node.path);
        return [`${start} |`, `${pad(indent + 2)}{{- ${text} | toYaml | nindent ${indent + 2} }}`];
      }
      case 'items':
      case 'each':
        return [start, ...this.listItems([node], indent)];
    }
  }

  private valueField(start: string, path: string, indent: number): readonly string[] {
    const expression = reference(path, this.values);
    switch (typeAt(path, this.values)) {
      case 'tree':
        return [`{{- with ${expression} }}`, start, `${pad(indent + 2)}{{- toYaml . | nindent ${indent + 2} }}`, '{{- end }}'];
      case 'optional text':
        return [`{{- with ${expression} }}`, `${start} {{ . | quote }}`, '{{- end }}'];
      case 'text':
        return [`${start} {{ ${expression} | quote }}`];
      case 'number or text':
        return [`${start} {{ ${expression} | toJson }}`];
      case 'scalar':
        return [`${start} {{ ${expression} }}`];
    }
  }

  private listItems(items: readonly Template[], indent: number): readonly string[] {
    return items.flatMap((item) => this.listItem(item, indent));
  }

  private listItem(template: Template, indent: number): readonly string[] {
    const start = `${pad(indent)}-`;
    if (typeof template !== 'object') return [`${start} ${scalarText(template)}`];
    if (isList(template)) throw new Error('a list in a list has no place in a chart');
    if (!isNode(template)) return this.objectItem(template, indent);
    switch (template[nodeType]) {
      case 'value':
        return [`${start} {{ ${reference(template.path, this.values)} | quote }}`];
      case 'text':
        return [`${start} ${this.quoted(template)}`];
      case 'when':
        return this.branches(template, (branch) => this.listItem(branch, indent));
      case 'items':
        return [`{{- with ${reference(template.path, this.values)} }}`, `${pad(indent)}{{- toYaml . | nindent ${indent} }}`, '{{- end }}'];
      case 'each': {
        const range = `{{- range $key, $item := ${reference(template.path, this.values)} }}`;
        return [range, ...this.listItem(template.item, indent), '{{- end }}'];
      }
      case 'with':
      case 'document':
        throw new Error('an object with values laid over it has no place in a list');
    }
  }

  private objectItem(object: TemplateObject, indent: number): readonly string[] {
    const [first = '', ...rest] = this.fields(object, indent + 2);
    if (first.startsWith('{{')) throw new Error(`${this.file}: an item of a list must begin with a field that is always there`);
    return [`${pad(indent)}- ${first.trimStart()}`, ...rest];
  }

  private branches(
    node: Extract<Node, { readonly [nodeType]: 'when' }>,
    write: (branch: Template) => readonly string[],
  ): readonly string[] {
    const otherwise = node.otherwise === undefined ? [] : ['{{- else }}', ...write(node.otherwise)];
    return [`{{- if ${condition(node.test, this.values)} }}`, ...write(node.then), ...otherwise, '{{- end }}'];
  }

  private quoted(node: Extract<Node, { readonly [nodeType]: 'text' }>): string {
    return `"${interpolated(node, this.values)}"`;
  }

  private laidOver(fields: TemplateObject, path: string): string {
    return `mergeOverwrite (include ${this.define(fields)} $ | fromYaml) (${reference(path, this.values)} | default dict)`;
  }

  /** Gives an object a name, by which its text can be asked for. */
  private define(fields: TemplateObject): string {
    const name = JSON.stringify(`${this.values.chart}.${this.file}.${this.definitions.length}`);
    const place = this.definitions.length;
    this.definitions.push('');
    this.definitions[place] = [`{{- define ${name} }}`, `{{- ${readValues(this.values)} }}`, ...this.fields(fields, 0), '{{- end }}'].join(
      '\n',
    );
    return name;
  }
}

function readValues({ chart }: ChartValues): string {
  return `$v := include "${chart}.values" . | fromJson`;
}

function pad(indent: number): string {
  return ' '.repeat(indent);
}

function scalarText(value: string | number | boolean): string {
  // JSON is YAML, and has no lines whose indent would count.
  if (typeof value === 'string' && value.includes('\n')) return JSON.stringify(value);
  return stringify(value, { lineWidth: 0 }).trimEnd();
}
