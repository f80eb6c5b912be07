import type { Labels } from '../../model/labels.ts';
import type { InstanceFacts } from './service-facts.ts';

/** Keys of labels as Kubernetes takes them; others could not be selected by. */
const labelKey = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * Labels of an instance: tags (`k=v`, `k|v`, and `tag.consul/<tag>: "true"`), then Meta, which wins. `version` comes from either, else from a
 * tag like `v2`. Meta under `mesh/` is meant for the mesh itself.
 */
export function instanceLabels(instance: Pick<InstanceFacts, 'tags' | 'meta'>): Labels {
  const labels: Record<string, string> = {};
  const set = (key: string, value: string) => {
    if (labelKey.test(key)) labels[key] = value;
  };
  for (const tag of instance.tags) {
    const [, key, value] = /^([^=|]+)[=|](.*)$/s.exec(tag) ?? [];
    if (key !== undefined && value !== undefined) set(key, value);
    else set(`tag.consul/${tag}`, 'true');
  }
  for (const [key, value] of Object.entries(instance.meta)) if (!key.startsWith('mesh/')) set(key, value);
  const version = labels['version'] ?? instance.tags.find((tag) => /^v\d[\w.-]*$/.test(tag));
  return version === undefined ? labels : { ...labels, version };
}
