import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ClaimCells } from '../../src/session/claim-cells.ts';
import { CLAIM } from './session-values.ts';

const ROWS = 3;
/** What is written to which row; nothing where the row goes, and another comes. */
const STEPS = fc.array(
  fc.tuple(
    fc.nat({ max: ROWS - 1 }),
    fc.option(fc.array(CLAIM, { minLength: 1, maxLength: 2 }), { nil: undefined }),
  ),
  { maxLength: 30 },
);

test('a cell says what was last written to it, how often ever it is read', () => {
  fc.assert(
    fc.property(STEPS, (steps) => {
      const claims = new ClaimCells();
      const rows = Array.from({ length: ROWS }, (_, i) => claims.cells.take(`row ${i}`));
      const written = new Map<number, unknown>();
      for (const [i, value] of steps) {
        const row = rows[i] as number;
        if (value === undefined) {
          claims.forget(row);
          claims.cells.release(row);
          written.delete(row);
          rows[i] = claims.cells.take(`row ${i}`);
        } else {
          claims.write(row, value);
          written.set(row, value);
        }
        for (let time = 0; time < 3; time++)
          for (const [row, value] of written) expect(claims.read(row)).toEqual(value);
      }
      for (const row of rows) claims.forget(row);
      expect(claims.shared).toBe(0);
    }),
  );
});

test('the key that a credential was asked for with is that of its earliest claim', () => {
  fc.assert(
    fc.property(fc.array(CLAIM, { minLength: 1, maxLength: 2 }), fc.boolean(), (claims, isTemporary) => {
      const accessKeyId = isTemporary ? 'ASIAEXAMPLE000000001' : 'AKIAEXAMPLE000000001';
      const asked = claims.map((claim) => ({ ...claim, requester: { ...claim.requester, accessKeyId } }));
      const cells = new ClaimCells();
      const row = cells.cells.take('ASIAEXAMPLE000000002');
      cells.write(row, asked);
      expect(cells.parentKey(row)).toBe(isTemporary ? accessKeyId : undefined);
    }),
  );
});
