import { defineConfig } from 'vitest/config';

/** What measures times, waits for clocks, kills processes, or tries thousands of inputs. */
export const RELIABILITY = 'test/reliability/**/*.test.ts';

/**
 * Drains, overload and reloads under load, limits, faults, what a stream may cost, and a real Prometheus: `npm run
 * test:reliability`. What is not installed is skipped.
 */
export default defineConfig({
  test: {
    include: [RELIABILITY],
    testTimeout: 120_000,
    hookTimeout: 60_000,
    // Times are measured: one file after the other.
    fileParallelism: false,
  },
});
