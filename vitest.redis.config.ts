import { defineConfig } from 'vitest/config';

/**
 * Tests against a real Redis, which they start themselves: `npm run test:redis`. They skip where it is not installed.
 */
export default defineConfig({
  test: {
    include: ['test/redis/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Times are measured: one file after the other.
    fileParallelism: false,
  },
});
