import { type TypeUrlName, typeUrls } from '../../src/envoy/type-urls.ts';
import type { ProxyViews } from '../../src/xds/views/proxy-views.ts';
import type { GoldenCase } from '../harness/golden-case.ts';
import { TextMesh } from '../harness/text-mesh.ts';
import { parseTexts } from '../harness/text-source.ts';
import { alterations } from './alterations.ts';
import { type FieldTrial, meshConfigTrial, trialsOf } from './field-trial.ts';
import { type Occurrence, occurrences, replaceAt, valueAt } from './occurrences.ts';

/** Owner and path of a field: `VirtualService http[].timeout`. */
type FieldName = string;

const served: readonly TypeUrlName[] = ['CDS', 'EDS', 'LDS', 'RDS', 'NDS', 'ECDS'];

/** What cases have shown of fields so far. */
export interface Shown {
  /**
   * Taking the field away, or giving it another value that is no error, changed what some case's proxy is served; of fields whose
   * every other value is an error, one that is.
   */
  readonly effective: Set<FieldName>;
  /** Set in some case, and changed without error. */
  readonly tried: Set<FieldName>;
}

/** Adds what a case shows; fields that have shown their effect are not tried again. */
export async function addWitnesses(one: GoldenCase, shown: Shown): Promise<void> {
  const mesh = await TextMesh.create(one);
  await mesh.becomeClusters(one.clusters);
  const proxy = mesh.connect(one.proxy);
  const objects = one.config.flatMap((text) => parseTexts(text, [])).map(({ object }) => object);
  const trials = [...meshConfigTrial(mesh.texts, one.meshConfig), ...objects.flatMap((object) => trialsOf(mesh.texts, object))];
  for (const trial of trials) tryFields(trial, proxy, shown);
}

function tryFields(trial: FieldTrial, proxy: ProxyViews, { effective, tried }: Shown): void {
  const nameOf = ({ path }: Occurrence) => `${trial.owner} ${path}`;
  const open = occurrences(trial.structure, trial.value).filter((at) => !effective.has(nameOf(at)));
  if (open.length === 0 || !trial.apply(trial.value)) return;
  const before = servedTo(proxy);
  for (const at of open) {
    const others = alterations(at.field, valueAt(trial.value, at.steps)).map((other) => replaceAt(trial.value, at.steps, other));
    const { isTaken, isEffective } = tryOthers(others, trial.apply, () => servedTo(proxy) !== before);
    if (isTaken) tried.add(nameOf(at));
    // Where rules leave a field one value only, what reads it shows past the rules.
    const isRead = isEffective || (!isTaken && tryOthers(others, trial.force, () => servedTo(proxy) !== before).isEffective);
    if (isRead) effective.add(nameOf(at));
  }
  trial.end();
}

function tryOthers(others: readonly unknown[], put: (value: unknown) => boolean, hasChanged: () => boolean) {
  let isTaken = false;
  for (const other of others) {
    if (!put(other)) continue;
    if (hasChanged()) return { isTaken: true, isEffective: true };
    isTaken = true;
  }
  return { isTaken, isEffective: false };
}

/** Names and versions of everything that the proxy is served. */
function servedTo(proxy: ProxyViews): string {
  return served
    .flatMap((type) => [...(proxy.view(typeUrls[type])?.all() ?? [])].map(([name, { version }]) => `${type} ${name} ${version}`))
    .sort()
    .join('\n');
}
