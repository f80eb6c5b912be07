import { expect, test } from 'vitest';
import { configIssueTable } from '../config/issue-codes.ts';
import { issueCodeTable } from '../schema/issue-codes.ts';
import { registryIssueCodes, registryIssueTable } from './issue-codes.ts';

test('every code has a row', () => {
  expect(registryIssueTable.map((row) => row.code).sort()).toEqual(Object.values(registryIssueCodes).sort());
});

test('no code means two things', () => {
  const codes = [...issueCodeTable, ...configIssueTable, ...registryIssueTable].map((row) => row.code);
  expect(new Set(codes).size).toBe(codes.length);
});
