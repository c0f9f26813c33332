import fc from 'fast-check';
import { expect, test } from 'vitest';
import { HASH, NO_ROW, RowCells } from '../../src/session/row-cells.ts';
import { RowIndex } from '../../src/session/row-index.ts';
import { hashOf } from '../../src/session/text-hash.ts';

const MOST = 12;
/** Some fit into the cell, some do not, some are not of Latin letters, and one is the beginning of another. */
const KEYS = [
  ...Array.from({ length: 16 }, (_, i) => `key-${i}`),
  'key-',
  '',
  'a'.repeat(23),
  'a'.repeat(24),
  'a'.repeat(254),
  'b'.repeat(300),
  'ключ',
];

/** How many of the keys' hashes are told apart: of one, all keys fall into one place. */
const HASHES = fc.constantFrom(1, 2, 1000);

test('an index finds what was added and not removed, whatever falls into one place', () => {
  fc.assert(
    fc.property(HASHES, fc.array(fc.constantFrom(...KEYS), { maxLength: 80 }), (hashes, keys) => {
      const cells = new RowCells({ words: 14, key: 8, keyWords: 6 });
      const index = new RowIndex(cells, MOST);
      const hash = (key: string): number => hashOf(key) % hashes;
      const rows = new Map<string, number>();
      for (const key of keys) {
        const row = rows.get(key);
        if (row !== undefined) {
          index.remove(row);
          cells.release(row);
          rows.delete(key);
        } else if (rows.size < MOST) {
          const added = cells.take(key);
          cells.set(added, HASH, hash(key));
          index.add(added);
          rows.set(key, added);
        }
        for (const one of KEYS) expect(index.find(one, hash(one))).toBe(rows.get(one) ?? NO_ROW);
        for (const [one, row] of rows) expect(cells.key(row)).toBe(one);
      }
    }),
  );
});
