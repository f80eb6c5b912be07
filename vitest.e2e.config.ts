import { defineConfig } from 'vitest/config';

/** `npm run test:e2e`: everything with real servers, one file after the other: each owns its ports and processes. */
export default defineConfig({
  test: {
    include: ['test/e2e/**/*.test.ts'],
    testTimeout: 600_000,
    hookTimeout: 600_000,
    pool: 'forks',
    maxWorkers: 1,
    fileParallelism: false,
  },
});
