import { describe, expect, test } from 'vitest';
import { Generations } from '../src/generations.ts';

function filled(size: number, keys: string): Generations<string, string> {
  const generations = new Generations<string, string>(size);
  for (const key of keys) generations.set(key, `value of ${key}`);
  return generations;
}

const found = (generations: Generations<string, string>, keys: string) =>
  [...keys].filter((key) => generations.peek(key) === `value of ${key}`).join('');

describe('two generations', () => {
  test.each([
    ['ab', 1, 'ab'],
    ['abc', 2, 'abc'],
    ['abcd', 2, 'abcd'],
    ['abcde', 3, 'cde'],
    ['abcdefgh', 4, 'efgh'],
  ])('of two each hold of %s in the generation %i what is left: %s', (keys, number, left) => {
    const generations = filled(2, keys);
    expect([generations.number, found(generations, keys)]).toEqual([number, left]);
    expect([...generations.keys()].join('')).toBe(left);
  });

  test('keep what is asked for, and forget what is only looked at', () => {
    const generations = filled(2, 'abc');
    expect([generations.get('a'), generations.old('b')]).toEqual(['value of a', 'value of b']);
    generations.set('d', 'value of d');
    expect(found(generations, 'abcd')).toBe('acd');
    expect([generations.young('d'), generations.young('a')]).toEqual(['value of d', undefined]);
  });

  test('know nothing of what was never there', () => {
    expect(filled(2, 'abc').get('x')).toBeUndefined();
  });
});
