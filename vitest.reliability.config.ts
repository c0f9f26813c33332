import { defineConfig } from 'vitest/config';

/** Drains, overload and reloads under load, limits, faults, and a real Prometheus: `npm run test:reliability`. What is not installed is skipped. */
export default defineConfig({
  test: {
    include: ['test/reliability/{drain,faults,limits,overload,prometheus,reload}.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Times are measured: one file after the other.
    fileParallelism: false,
  },
});
