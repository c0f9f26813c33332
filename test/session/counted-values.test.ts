import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CountedValues } from '../../src/session/counted-values.ts';

interface Named {
  readonly name: string;
}

const areEqual = (a: Named, b: Named): boolean => a.name === b.name;
const HASHES: readonly (readonly [string, (value: Named) => number])[] = [
  ['one hash each', ({ name }) => name.charCodeAt(0)],
  ['one hash for two', ({ name }) => name.charCodeAt(0) >> 1],
  ['one hash for all', () => 7],
];

test.each(HASHES)('a value that is held is there until it was given back as often: %s', (_name, hashOf) => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c', 'd'), fc.boolean())), (steps) => {
      const values = new CountedValues<Named>(hashOf, areEqual);
      const held: { name: string; number: number }[] = [];
      for (const [name, isHeld] of steps) {
        if (isHeld) held.push({ name, number: values.hold({ name }) });
        else {
          const at = held.findIndex((one) => one.name === name);
          const [given] = at === -1 ? [] : held.splice(at, 1);
          if (given !== undefined) values.giveBack(given.number);
        }
        for (const one of held) expect(values.at(one.number)).toEqual({ name: one.name });
      }
    }),
  );
});

test('equal values are one, and numbers are used again', () => {
  const values = new CountedValues<Named>(({ name }) => name.charCodeAt(0), areEqual);
  const first = values.hold({ name: 'a' });
  expect(values.hold({ name: 'a' })).toBe(first);
  values.giveBack(first);
  expect(values.at(first)).toEqual({ name: 'a' });
  values.giveBack(first);
  expect(values.hold({ name: 'b' })).toBe(first);
});
