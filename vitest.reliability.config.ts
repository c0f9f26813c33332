import { defineConfig } from 'vitest/config';

/** What measures times, waits for clocks, or kills processes. */
export const RELIABILITY = [
  'test/reliability/{drain,faults,limits,overload,prometheus,reload,stream-cost}.test.ts',
  'test/http/connection-watch.test.ts',
  'test/session/{flood,restart}.test.ts',
];

/**
 * Drains, overload and reloads under load, limits, faults, what a stream may cost, and a real Prometheus: `npm run
 * test:reliability`. What is not installed is skipped.
 */
export default defineConfig({
  test: {
    include: RELIABILITY,
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Times are measured: one file after the other.
    fileParallelism: false,
  },
});
