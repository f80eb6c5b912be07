import { expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { Turns } from './turns.ts';

function turning() {
  const clock = new FakeClock();
  const deferred: (() => void)[] = [];
  const turns = new Turns({ clock, defer: (callback) => deferred.push(callback) });
  const done: string[] = [];
  const task = (name: string, tookMs: number) => () => {
    done.push(name);
    clock.advance(tookMs);
  };
  const endTurn = () => {
    for (const callback of deferred.splice(0)) callback();
  };
  return { turns, done, task, endTurn };
}

it('does work at once until a turn has lasted long, then in later turns and in order', () => {
  const { turns, done, task, endTurn } = turning();
  for (const name of ['a', 'b', 'c', 'd', 'e']) turns.run('new', task(name, 5));
  expect(done).toEqual(['a', 'b']);
  expect(turns.isIdle).toBe(false);
  endTurn();
  expect(done).toEqual(['a', 'b', 'c', 'd']);
  turns.run('new', task('f', 0));
  endTurn();
  expect(done).toEqual(['a', 'b', 'c', 'd', 'e', 'f']);
  expect(turns.isIdle).toBe(true);
});

it('leaves to a later turn what asks for it', () => {
  const { turns, done, task, endTurn } = turning();
  turns.later('new', task('a', 0));
  turns.run('new', task('b', 0));
  expect(done).toEqual([]);
  endTurn();
  expect(done).toEqual(['a', 'b']);
});

it('lets streams that are configured go before those that are not', () => {
  const { turns, done, task, endTurn } = turning();
  for (const name of ['a', 'b', 'c', 'd']) turns.run('new', task(name, 5));
  turns.run('configured', task('x', 5));
  expect(done).toEqual(['a', 'b']);
  endTurn();
  expect(done).toEqual(['a', 'b', 'x', 'c']);
  turns.run('configured', task('y', 0));
  endTurn();
  expect(done).toEqual(['a', 'b', 'x', 'c', 'y', 'd']);
});
