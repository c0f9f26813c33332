import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const MOST_COLUMNS = 120;
const FILES = globSync(['{src,harness,scripts,bench,test}/**/*.ts', '*.config.ts']);

const isOfComment = (line: string) => /^\s*(\/\*\*|\*|\/\/)/.test(line);

describe('comments', () => {
  test('are no wider than a page, which the formatter does not see to', () => {
    expect(FILES.length).toBeGreaterThan(500);
    const wide = FILES.flatMap((file) =>
      readFileSync(file, 'utf8')
        .split('\n')
        .flatMap((line, at) =>
          line.length > MOST_COLUMNS && isOfComment(line) ? [`${file}:${at + 1}`] : [],
        ),
    );
    expect(wide).toEqual([]);
  });
});
