import { defineConfig } from 'vitest/config';

/** `npm test`: fast, with a real Envoy. The suites under test/e2e and the long properties run in `npm run test:e2e`. */
export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'test/**/*.test.ts'],
    exclude: ['**/node_modules/**', 'test/e2e/**'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    pool: 'forks',
    maxWorkers: 2,
  },
});
