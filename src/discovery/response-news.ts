import { type NameList, nameList } from './name-list.ts';
import type { EncodedResource } from './resource-source.ts';

/** What a response tells a client anew. Worked out once for all streams that are sent the same after having been sent the same. */
export class ResponseNews {
  private readonly known = new WeakMap<readonly EncodedResource[], WeakMap<readonly EncodedResource[], NameList>>();

  /** Sent anew or in another version; after a delta response, which keeps no record (`before` is empty), that is all of it. */
  names(resources: readonly EncodedResource[], before: readonly EncodedResource[]): NameList {
    const after = this.known.get(resources) ?? new WeakMap<readonly EncodedResource[], NameList>();
    this.known.set(resources, after);
    let news = after.get(before);
    if (!news) {
      news = newsOf(resources, before);
      after.set(before, news);
    }
    return news;
  }
}

function newsOf(resources: readonly EncodedResource[], before: readonly EncodedResource[]): NameList {
  if (before.length === 0) return nameList(resources.map((resource) => resource.name));
  const news: string[] = [];
  let at = 0;
  for (const resource of resources) {
    while (at < before.length && (before[at] as EncodedResource).name < resource.name) at++;
    const known = before[at];
    if (known !== resource && (known?.name !== resource.name || known.version !== resource.version)) news.push(resource.name);
  }
  return nameList(news);
}
