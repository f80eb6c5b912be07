import { joinNames, type NameList, nameList } from './name-list.ts';
import type { ResourceView } from './resource-source.ts';

/** What happened to a view: names that are there and differ, and names that are gone. */
export interface ViewChange {
  readonly changed: NameList;
  readonly removed: NameList;
}

interface Known {
  readonly revision: number;
  names?: NameList;
  readonly since: Map<number, ViewChange | undefined>;
  readonly from: WeakMap<ResourceView, Map<number, ViewChange | undefined>>;
}

/** Works out each difference of views once, for all streams that need it: they get the same object. */
export class ViewChanges {
  private readonly known = new WeakMap<ResourceView, Known>();

  /** Every name in the view now: a list of its own for each view and revision, so that it stands for both, also where it is empty. */
  names(view: ResourceView): NameList {
    const known = this.at(view);
    known.names ??= this.namesInLayers(view) ?? { ...nameList(view.all().keys()), of: view };
    return known.names;
  }

  /** The lists of its layers one after the other, where one begins after the other ends. */
  private namesInLayers(view: ResourceView): NameList | undefined {
    if (view.layers === undefined) return undefined;
    const [own, shared] = view.layers;
    const names = joinNames(this.names(own), this.names(shared));
    return names.parts && { ...names };
  }

  /** From an earlier revision of the view to now; undefined where its journal does not reach back that far. */
  since(view: ResourceView, revision: number): ViewChange | undefined {
    return remembered(this.at(view).since, revision, () => {
      const names = view.changedSince(revision);
      return names && split(names, view);
    });
  }

  /** From a revision of another view, which may have moved on since, to this view as it is now. */
  between(old: ResourceView, revision: number, view: ResourceView): ViewChange | undefined {
    const known = this.at(view);
    const from = known.from.get(old) ?? new Map<number, ViewChange | undefined>();
    known.from.set(old, from);
    return remembered(from, revision, () => {
      const names = old.revision() === revision ? new Set<string>() : old.changedSince(revision);
      if (!names) return undefined;
      const different = new Set(names);
      const before = old.all();
      const now = view.all();
      for (const [name, resource] of now) if (before.get(name)?.version !== resource.version) different.add(name);
      for (const name of before.keys()) if (!now.has(name)) different.add(name);
      return split(different, view);
    });
  }

  private at(view: ResourceView): Known {
    const revision = view.revision();
    let known = this.known.get(view);
    if (known?.revision !== revision) {
      known = { revision, since: new Map(), from: new WeakMap() };
      this.known.set(view, known);
    }
    return known;
  }
}

function split(names: Iterable<string>, view: ResourceView): ViewChange {
  const changed: string[] = [];
  const removed: string[] = [];
  for (const name of names) (view.get(name) ? changed : removed).push(name);
  return { changed: nameList(changed), removed: nameList(removed) };
}

function remembered<K, V>(map: Map<K, V>, key: K, compute: () => V): V {
  if (map.has(key)) return map.get(key) as V;
  const value = compute();
  map.set(key, value);
  return value;
}
