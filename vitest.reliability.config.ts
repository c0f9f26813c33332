import { defineConfig } from 'vitest/config';

/** Drains under load, faults, and a real Prometheus: `npm run test:reliability`. What is not installed is skipped. */
export default defineConfig({
  test: {
    include: ['test/reliability/{drain,faults,prometheus}.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Times are measured: one file after the other.
    fileParallelism: false,
  },
});
