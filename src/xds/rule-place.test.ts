import { describe, expect, it } from 'vitest';
import { formatRulePlace, httpRulePlace, parseRulePlace, type RulePlace } from './rule-place.ts';

const root = { kind: 'VirtualService', namespace: 'default', name: 'root' };
const part = { kind: 'VirtualService', namespace: 'team', name: 'part' };

describe('httpRulePlace', () => {
  it('is the rule and the match of its own object', () => {
    expect(httpRulePlace({ source: root, index: 1 }, 2)).toEqual({ rule: 1, match: 2 });
    expect(httpRulePlace({ source: root, index: 1 }, undefined)).toEqual({ rule: 1 });
  });

  it('names both rules where one delegates, with the matches that were joined', () => {
    const origin = { source: part, index: 3, matches: [0, 1], delegatedBy: { source: root, index: 1, matches: [undefined, 4] } };
    expect(httpRulePlace(origin, 1)).toEqual({ rule: 1, match: 4, delegate: { namespace: 'team', name: 'part', rule: 3, match: 1 } });
    expect(httpRulePlace(origin, 0)).toEqual({ rule: 1, delegate: { namespace: 'team', name: 'part', rule: 3, match: 0 } });
  });
});

describe('parseRulePlace', () => {
  it.each<RulePlace>([{ rule: 0 }, { rule: 12, match: 3 }, { rule: 1, delegate: { namespace: 'team', name: 'part', rule: 0, match: 2 } }])(
    'reads what formatRulePlace writes: %j',
    (place) => {
      expect(parseRulePlace(formatRulePlace(place))).toEqual(place);
    },
  );

  it.each(['', 'http', 'http[x]', 'tcp[0]', 'http[0] team http[1]', 'http[0] team/part'])('refuses %j', (text) => {
    expect(parseRulePlace(text)).toBeUndefined();
  });
});
