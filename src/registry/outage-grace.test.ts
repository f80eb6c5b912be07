import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { OutageGrace } from './outage-grace.ts';

interface Thing {
  readonly id: string;
  readonly address: string;
}

const thing = (id: string, address = `address of ${id}`): Thing => ({ id, address });
const [a, b, c] = [thing('a'), thing('b'), thing('c')];

function setUp(graceMs = 10_000) {
  const clock = new FakeClock();
  const over: string[] = [];
  const grace = new OutageGrace<Thing>({
    graceMs,
    marksOf: ({ id, address }) => [id, address],
    clock,
    onOver: (services) => over.push(...services),
  });
  return { clock, grace, over };
}

const view = (...things: readonly Thing[]) => new Map(things.length === 0 ? [] : [['web', things]]);

it('keeps what went missing, as long as it may', () => {
  const { clock, grace, over } = setUp();
  grace.begin(view(a, b, c), view(a));
  expect([grace.count, grace.services(), grace.joined('web', [a])]).toEqual([2, ['web'], [a, b, c]]);
  expect(grace.withoutKept('web', [a, b, c])).toEqual([a]);
  clock.advance(9_999);
  expect(over).toEqual([]);
  clock.advance(1);
  expect(over).toEqual(['web']);
});

it('keeps nothing where it was not told to', () => {
  const { grace } = setUp(0);
  grace.begin(view(a), view());
  expect(grace.count).toBe(0);
});

it('lets go of one that has come back, under another id too: if it goes again it is gone', () => {
  const { grace } = setUp();
  grace.begin(view(a, b), view());
  const again = thing('z', a.address);
  expect(grace.joined('web', [again])).toEqual([again, b]);
  expect(grace.joined('web', [])).toEqual([b]);
  expect(grace.joined('web', [b])).toEqual([b]);
  expect(grace.services()).toEqual([]);
});

it('begins anew with another outage, and keeps what was kept', () => {
  const { clock, grace, over } = setUp();
  grace.begin(view(a, b), view(a));
  clock.advance(6_000);
  grace.begin(view(...grace.joined('web', [a])), view());
  clock.advance(6_000);
  expect([over, grace.joined('web', [])]).toEqual([[], [a, b]]);
  grace.stop();
  clock.advance(60_000);
  expect([over, grace.count]).toEqual([[], 0]);
});
