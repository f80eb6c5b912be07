import type { TypeUrlName } from '../../src/envoy/type-urls.ts';

/**
 * What of a proxy's resources a golden case prints, as text: `TYPE NAME [> CHILD] [{field, field}]`. Names and children (virtual
 * hosts of a route table, filter chains of a listener) may hold `*`; fields are those of the child, else of the resource.
 */
export interface OutputSelector {
  readonly text: string;
  readonly type: OutputType;
  readonly name: RegExp;
  readonly child?: RegExp;
  readonly fields?: ReadonlySet<string>;
}

export type OutputType = 'clusters' | 'endpoints' | 'listeners' | 'routes' | 'names' | 'extensions';

export const outputTypes: Readonly<Record<OutputType, TypeUrlName>> = {
  clusters: 'CDS',
  endpoints: 'EDS',
  listeners: 'LDS',
  routes: 'RDS',
  names: 'NDS',
  extensions: 'ECDS',
};

export function parseSelector(text: string): OutputSelector {
  const [, type, name, child, fields] =
    /^(clusters|endpoints|listeners|routes|names|extensions) (\S+)(?: > (\S+))?(?: \{([^}]*)\})?$/.exec(text) ?? [];
  if (type === undefined || name === undefined) throw new Error(`"${text}": want TYPE NAME [> CHILD] [{field, field}]`);
  return {
    text,
    type: type as OutputType,
    name: globOf(name),
    ...(child !== undefined && { child: globOf(child) }),
    ...(fields !== undefined && { fields: new Set(fields.split(',').map((field) => field.trim())) }),
  };
}

type Plain = Readonly<Record<string, unknown>>;

/** The part of a resource that is asked for; undefined where it is another resource. */
export function select(selector: OutputSelector, resource: Plain): Plain | undefined {
  const list = childList[selector.type];
  if (!selector.name.test(nameOf(resource))) return undefined;
  if (selector.child === undefined || list === undefined) return pick(resource, selector.fields);
  const children = (resource[list] as readonly Plain[] | undefined) ?? [];
  const { child, fields } = selector;
  return { name: nameOf(resource), [list]: children.filter((one) => child.test(nameOf(one))).map((one) => pick(one, fields)) };
}

const childList: Partial<Readonly<Record<OutputType, string>>> = { listeners: 'filter_chains', routes: 'virtual_hosts' };

/** Of a load assignment, its cluster's. */
export function nameOf(resource: Plain): string {
  const name = resource['name'] ?? resource['cluster_name'];
  return typeof name === 'string' ? name : '';
}

function pick(resource: Plain, fields: ReadonlySet<string> | undefined): Plain {
  const { '@type': _, ...plain } = resource;
  if (fields === undefined) return plain;
  return Object.fromEntries(Object.entries(plain).filter(([name]) => name === 'name' || fields.has(name)));
}

function globOf(text: string): RegExp {
  return new RegExp(
    `^${text
      .split('*')
      .map((part) => part.replace(/[\\^$.|?+()[\]{}]/g, String.raw`\$&`))
      .join('.*')}$`,
  );
}
