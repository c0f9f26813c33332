import { describe, expect, test } from 'vitest';
import { type Ipv4Range, ipv4Range, isWithin } from '../../src/tables/ipv4-range.ts';

const within: readonly (readonly [inner: string, outer: string, is: boolean])[] = [
  ['10.1.2.3/32', '10.0.0.0/8', true],
  ['10.0.0.0/8', '10.0.0.0/8', true],
  ['10.1.2.3/7', '10.0.0.0/8', false],
  ['10.1.2.3/0', '10.0.0.0/8', false],
  ['172.31.255.255/32', '172.16.0.0/12', true],
  ['172.32.0.0/16', '172.16.0.0/12', false],
  ['203.0.113.0/24', '0.0.0.0/0', true],
];

function known(text: string): Ipv4Range {
  return ipv4Range(text) ?? expect.fail(text);
}

describe('a range of IPv4 addresses', () => {
  test.each(within)('%s in %s: %s', (inner, outer, is) => {
    expect(isWithin(known(inner), known(outer))).toBe(is);
  });

  test.each(['', '10.0.0.0', '10.0.0/8', '10.0.0.256/8', '10.0.0.0/33', ' 10.0.0.0/8', '2001:db8::/32'])(
    '%j is none',
    (text) => {
      expect(ipv4Range(text)).toBeUndefined();
    },
  );
});
