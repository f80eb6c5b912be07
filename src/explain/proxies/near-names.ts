import { compareText } from '../../model/config-object.ts';
import { closestOf } from '../../schema/field/did-you-mean.ts';

const shown = 8;

/** What somebody may have meant, or what there is: `did you mean default/reviews?`, `there are a, b and 3 more`. */
export function nearNames(wanted: string, names: Iterable<string>): string {
  const all = [...new Set(names)].sort(compareText);
  if (all.length === 0) return '';
  const close = closestOf(wanted, all) ?? closestOf(lastPart(wanted), all.map(lastPart));
  if (close !== undefined) return `did you mean ${all.find((name) => name === close || lastPart(name) === close) ?? close}?`;
  const more = all.length - shown;
  return `there ${all.length === 1 ? 'is' : 'are'} ${all.slice(0, shown).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}

function lastPart(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}
