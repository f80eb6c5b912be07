import { EventEmitter } from 'node:events';
import { describe, expect, it } from 'vitest';
import { FakeClock } from '../lib/fake-clock.ts';
import { ConnectionAge } from './connection-age.ts';

type Call = Parameters<ConnectionAge['begin']>[0];

/** A connection that notes what is done to it. */
class Session extends EventEmitter {
  readonly done: string[] = [];
  closed = false;

  goaway(): void {
    this.done.push('goaway');
  }

  close(): void {
    this.closed = true;
    this.done.push('close');
  }

  destroy(): void {
    this.done.push('destroy');
    this.emit('close');
  }
}

const callOn = (session: Session) => ({ call: { stream: { session } } }) as unknown as Call;

function ages(random: () => number) {
  const clock = new FakeClock();
  return { clock, age: new ConnectionAge({ clock, ageMs: 1_800_000, graceMs: 100, random }) };
}

describe('a connection', () => {
  it('is told to go at its age, and cut off after the grace', () => {
    const { clock, age } = ages(() => 0.5);
    const session = new Session();
    age.begin(callOn(session));
    clock.advance(1_799_999);
    expect(session.done).toEqual([]);
    clock.advance(1);
    expect(session.done).toEqual(['goaway', 'close']);
    clock.advance(100);
    expect(session.done).toEqual(['goaway', 'close', 'destroy']);
    expect(clock.pending).toBe(0);
  });

  it('ages from its first call on', () => {
    const { clock, age } = ages(() => 0.5);
    const session = new Session();
    age.begin(callOn(session));
    clock.advance(1_000_000);
    age.begin(callOn(session));
    expect(clock.pending).toBe(1);
    expect(clock.nextDelayMs).toBe(800_000);
  });

  it('that went is forgotten', () => {
    const { clock, age } = ages(() => 0);
    const session = new Session();
    age.begin(callOn(session));
    session.emit('close');
    expect(clock.pending).toBe(0);
  });

  it('has one of few ages, a tenth around what is set', () => {
    const lengths = new Set<number>();
    for (let i = 0; i < 10_000; i++) {
      const { clock, age } = ages(() => i / 10_000);
      age.begin(callOn(new Session()));
      lengths.add(clock.nextDelayMs ?? 0);
    }
    expect(lengths.size).toBe(200);
    expect(Math.min(...lengths)).toBe(1_620_000);
    expect(Math.max(...lengths)).toBeLessThan(1_980_000);
  });
});
