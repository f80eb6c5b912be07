import { expect, it } from 'vitest';
import { KubeApiError } from '../kube-api-error.ts';
import { retryDelayMs, sortFailure, UnusableAnswerError } from './retry-policy.ts';

const kindOf = (status: number, reason = '', message = '') => sortFailure(new KubeApiError(message, { status, reason })).kind;

it('sorts failures by what helps against them', () => {
  expect(kindOf(410)).toBe('expired');
  expect(kindOf(500, 'Expired')).toBe('expired');
  expect(kindOf(504, 'Timeout', 'Too large resource version: 5, current: 3')).toBe('expired');
  expect(kindOf(504, 'Timeout')).toBe('other');
  expect(kindOf(404)).toBe('not-served');
  expect(kindOf(403)).toBe('refused');
  expect(kindOf(401)).toBe('refused');
  expect(sortFailure(new UnusableAnswerError('no JSON')).kind).toBe('unusable');
  expect(sortFailure(new Error('ECONNREFUSED'))).toMatchObject({ kind: 'other', status: 0, message: 'ECONNREFUSED' });
});

it('waits ever longer, up to 30 s, and never less than it is told', () => {
  const least = (failures: number) => retryDelayMs(failures, undefined, () => 0);
  const most = (failures: number) => retryDelayMs(failures, undefined, () => 1);
  expect([least(1), most(1)]).toEqual([250, 500]);
  expect([least(3), most(3)]).toEqual([1_000, 2_000]);
  expect([least(100), most(100)]).toEqual([15_000, 30_000]);
  expect(retryDelayMs(1, 7_000, () => 0)).toBe(7_000);
});
