import { defineConfig } from 'vitest/config';

/** What `npm test` runs; what takes long or measures times has a lane of its own, as CONTRIBUTING.md says. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/redis/**', 'test/reliability/{drain,faults,limits,overload,prometheus,reload}.test.ts'],
    // Left to itself it keeps a core free, which on two cores is half the machine.
    maxWorkers: '100%',
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
  },
});
