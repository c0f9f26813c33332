import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { RELIABILITY } from './vitest.reliability.config.ts';

/** What `npm test` runs; what takes long or measures times has a suite of its own, as CONTRIBUTING.md says. */
export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/redis/**', RELIABILITY],
    // Some wait for clocks or for processes of their own, and leave a core free meanwhile.
    maxWorkers: '150%',
    // Loading the same modules and tables for each file was a fifth of the time. So no test uses vi.mock.
    isolate: false,
    // Commands and services that are started as processes, some sixty, compile the same modules.
    env: { NODE_COMPILE_CACHE: fileURLToPath(new URL('node_modules/.cache/compile', import.meta.url)) },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    coverage: { provider: 'v8', include: ['src/**/*.ts'], reporter: ['text-summary', 'html'] },
  },
});
