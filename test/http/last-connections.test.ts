import { describe, expect, test } from 'vitest';
import { LastConnections } from '../../src/http/last-connections.ts';

const [a, b, c] = [{}, {}, {}];

function after(...connections: readonly object[]): { areOne: boolean; areAtMostTwo: boolean } {
  const last = new LastConnections();
  for (const connection of connections) last.note(connection);
  return { areOne: last.areOne, areAtMostTwo: last.areAtMostTwo };
}

const times = (count: number, ...connections: readonly object[]): object[] =>
  Array.from({ length: count }, () => connections).flat();

describe('the connections of the last requests', () => {
  const cases = [
    { name: 'nothing is known of a few requests', requests: times(5, a), areOne: false, areAtMostTwo: false },
    { name: 'one, after many requests', requests: times(20, a), areOne: true, areAtMostTwo: true },
    { name: 'two by turns', requests: times(20, a, b), areOne: false, areAtMostTwo: true },
    {
      name: 'two, one of which is quicker',
      requests: times(20, a, a, a, b),
      areOne: false,
      areAtMostTwo: true,
    },
    { name: 'three by turns', requests: times(20, a, b, c), areOne: false, areAtMostTwo: false },
    {
      name: 'a third among many of two',
      requests: [...times(20, a, b), c, ...times(7, a, b)],
      areOne: false,
      areAtMostTwo: false,
    },
    {
      name: 'two again after a third',
      requests: [...times(20, a, b), c, ...times(12, a, b)],
      areOne: false,
      areAtMostTwo: true,
    },
    {
      name: 'one after two',
      requests: [...times(20, a, b), ...times(20, a)],
      areOne: true,
      areAtMostTwo: true,
    },
  ];
  test.each(cases)('$name', ({ requests, areOne, areAtMostTwo }) => {
    expect(after(...requests)).toEqual({ areOne, areAtMostTwo });
  });
});
