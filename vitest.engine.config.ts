import { defineConfig } from 'vitest/config';

/** The suite of the search engine: needs Java, Maven and Python, so it is apart from `npm test`. */
export default defineConfig({
  test: {
    include: ['test/engine/**/*.engine.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
