import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Line } from '../src/line.ts';

test('a line is left in the order in which it was joined, however many come and go', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(3000), fc.nat(3000)), { maxLength: 5 }), (rounds) => {
      const line = new Line<{ readonly number: number }>();
      let joined = 0;
      let left = 0;
      for (const [come, go] of rounds) {
        for (let i = 0; i < come; i++) line.push({ number: joined++ });
        for (let i = 0; i < go; i++) {
          const expected = left < joined ? left++ : undefined;
          if (line.shift()?.number !== expected) throw new Error(`${expected} was to be next`);
        }
        expect(line.length).toBe(joined - left);
      }
    }),
    { numRuns: 30 },
  );
});
