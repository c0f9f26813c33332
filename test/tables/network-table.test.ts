import { expect, test } from 'vitest';
import { parseIp } from '../../src/session/source-address.ts';
import { NetworkTable } from '../../src/tables/network-table.ts';
import { tables } from '../shipped-tables.ts';

const { networks } = tables;

function asnOf(address: string): number | undefined {
  const ip = parseIp(address);
  if (ip === undefined) return undefined;
  return ip.family === 4 ? networks?.asnOfV4(ip.d) : networks?.asnOfV6(ip.a, ip.b);
}

test.each([
  ['1.1.1.1', 13335],
  ['2606:4700:4700::1111', 13335],
  ['8.8.8.8', 15169],
])('%s is announced by AS%i', (address, asn) => {
  expect(asnOf(address)).toBe(asn);
});

test.each(['52.94.133.131', '2600:1f18::1'])('%s is an address of AWS', (address) => {
  expect(networks?.isAws(asnOf(address) ?? 0)).toBe(true);
});

test.each(['203.0.113.5', '192.168.1.1', '2001:db8::1', '0.0.0.0', '255.255.255.255', '::'])(
  '%s is announced by nobody',
  (address) => {
    expect(asnOf(address)).toBeUndefined();
  },
);

test('a file that is not a networks table is refused', () => {
  expect(() => new NetworkTable(Buffer.alloc(64), [])).toThrow('networks.bin');
});
