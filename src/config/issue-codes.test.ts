import { expect, test } from 'vitest';
import { issueCodeTable } from '../schema/issue-codes.ts';
import { configIssueCodes, configIssueTable } from './issue-codes.ts';

test('every code has a row', () => {
  expect(configIssueTable.map((row) => row.code).sort()).toEqual(Object.values(configIssueCodes).sort());
});

test('no code means two things', () => {
  const codes = [...issueCodeTable, ...configIssueTable].map((row) => row.code);
  expect(new Set(codes).size).toBe(codes.length);
});
