import type { Labels } from '../../model/labels.ts';
import type { InstanceFacts } from './service-facts.ts';

/** Keys of labels as Kubernetes takes them; others could not be selected by. */
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/** What an instance tells the mesh about itself, beside its labels. */
export type MeshHint = 'port' | 'namespace' | 'serviceaccount';

const hintKey = /^mesh[/-](?:port|namespace|serviceaccount)$/;

/** Meta or tag `mesh-port`, or `mesh/port`: Consul takes no `/` in keys of Meta, other tools that write into it do in tags. */
export function meshHint({ meta, tags }: Pick<InstanceFacts, 'tags' | 'meta'>, name: MeshHint): string | undefined {
  const keys = [`mesh-${name}`, `mesh/${name}`];
  for (const key of keys) if (meta[key] !== undefined) return meta[key];
  const tag = tags.find((text) => keys.some((key) => text.startsWith(`${key}=`)));
  return tag?.slice(tag.indexOf('=') + 1);
}

/**
 * Labels of an instance: tags (`k=v`, `k|v`, and `tag.consul/<tag>: "true"`), then Meta, which wins. `version` comes from either, else from a
 * tag like `v2`. Hints to the mesh are no labels.
 */
export function instanceLabels(instance: Pick<InstanceFacts, 'tags' | 'meta'>): Labels {
  const labels: Record<string, string> = {};
  const set = (key: string, value: string) => {
    if (labelKey.test(key) && !hintKey.test(key)) labels[key] = value;
  };
  for (const tag of instance.tags) {
    const [, key, value] = /^([^=|]+)[=|](.*)$/s.exec(tag) ?? [];
    if (key !== undefined && value !== undefined) set(key, value);
    else set(`tag.consul/${tag}`, 'true');
  }
  for (const [key, value] of Object.entries(instance.meta)) set(key, value);
  const version = labels['version'] ?? instance.tags.find((tag) => /^v\d[\w.-]*$/.test(tag));
  return version === undefined ? labels : { ...labels, version };
}
