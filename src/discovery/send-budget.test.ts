import { describe, expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { SendBudget } from './send-budget.ts';

const kilobytes = (count: number) => count * 1024;

function budgeting() {
  const clock = new FakeClock();
  const budget = new SendBudget({ clock, maxBytes: kilobytes(500) });
  const woken: string[] = [];
  const open = (name: string) => budget.open(() => woken.push(name));
  return { clock, budget, woken, open };
}

describe('SendBudget', () => {
  it('admits large messages up to its bytes, and wakes who waits when some have left', () => {
    const { budget, woken, open } = budgeting();
    const [a, b] = [open('a'), open('b')];
    expect(a.admits(kilobytes(300))).toBe(true);
    const left = a.take(kilobytes(300));
    expect(b.admits(kilobytes(300))).toBe(false);
    expect(budget.figures()).toEqual({ bytesInFlight: kilobytes(300), stalledBytes: 0, streamsWaiting: 1 });
    left();
    expect(woken).toEqual(['b']);
    expect(b.admits(kilobytes(300))).toBe(true);
    expect(budget.figures()).toEqual({ bytesInFlight: 0, stalledBytes: 0, streamsWaiting: 0 });
  });

  it('admits one message that is larger than all of it', () => {
    const { open } = budgeting();
    const [a, b] = [open('a'), open('b')];
    expect(a.admits(kilobytes(2_000))).toBe(true);
    a.take(kilobytes(2_000));
    expect(b.admits(kilobytes(300))).toBe(false);
  });

  it('lets small messages pass, whatever is under way or waits', () => {
    const { open } = budgeting();
    const [a, b, c] = [open('a'), open('b'), open('c')];
    a.take(kilobytes(500));
    expect(b.admits(kilobytes(300))).toBe(false);
    expect(c.admits(kilobytes(2))).toBe(true);
  });

  it('lets those go first that came first, also before a newcomer whose message would fit', () => {
    const { woken, open } = budgeting();
    const [a, b, c, d] = [open('a'), open('b'), open('c'), open('d')];
    const left = a.take(kilobytes(400));
    expect(c.admits(kilobytes(300))).toBe(false);
    expect(b.admits(kilobytes(300))).toBe(false);
    expect(d.admits(kilobytes(50))).toBe(false);
    left();
    expect(woken).toEqual(['b']);
    b.take(kilobytes(200));
    b.passOn();
    expect(woken).toEqual(['b', 'c']);
    c.close();
    expect(woken).toEqual(['b', 'c', 'd']);
  });

  it('does not let others wait for a client that does not read, and lets that one go last', () => {
    const { clock, budget, woken, open } = budgeting();
    const [slow, a, b] = [open('slow'), open('a'), open('b')];
    const left = slow.take(kilobytes(500));
    expect(a.admits(kilobytes(300))).toBe(false);
    clock.advance(100);
    expect(woken).toEqual(['a']);
    expect(a.admits(kilobytes(300))).toBe(true);
    a.take(kilobytes(300));
    expect(budget.figures()).toMatchObject({ bytesInFlight: kilobytes(800), stalledBytes: kilobytes(500) });
    left();
    expect(slow.admits(kilobytes(300))).toBe(false);
    expect(b.admits(kilobytes(300))).toBe(false);
    clock.advance(100);
    expect(woken).toEqual(['a', 'b']);
  });

  it('limits what clients that do not read have under way together', () => {
    const { clock, open } = budgeting();
    const slow = Array.from({ length: 7 }, (_, i) => open(`slow ${i}`));
    const admitted = slow.filter((share) => {
      share.isSlow = true;
      if (!share.admits(kilobytes(400))) return false;
      share.take(kilobytes(400));
      clock.advance(100);
      return true;
    });
    expect(admitted).toHaveLength(5);
  });
});
