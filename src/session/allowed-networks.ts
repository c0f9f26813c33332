import ipaddr from 'ipaddr.js';
import type { Ip } from './source-address.ts';

interface Range {
  readonly family: 4 | 6;
  readonly words: readonly [number, number, number, number];
  readonly masks: readonly [number, number, number, number];
}

/** The operator's own networks (VPN, offices, NAT gateways), from where any session may be used. */
export class AllowedNetworks {
  readonly #ranges: readonly Range[];

  /** Throws an Error such as `entry 7` where one is neither an address nor a network in CIDR notation. */
  constructor(cidrs: readonly string[]) {
    this.#ranges = cidrs.map((cidr, i) => {
      const range = parseRange(cidr);
      if (range === undefined) throw new Error(`entry ${i + 1}`);
      return range;
    });
  }

  has(ip: Ip): boolean {
    for (const { family, words, masks } of this.#ranges) {
      if (
        family === ip.family &&
        ((ip.d ^ words[3]) & masks[3]) === 0 &&
        ((ip.c ^ words[2]) & masks[2]) === 0 &&
        ((ip.b ^ words[1]) & masks[1]) === 0 &&
        ((ip.a ^ words[0]) & masks[0]) === 0
      )
        return true;
    }
    return false;
  }
}

function parseRange(cidr: string): Range | undefined {
  const text = cidr.trim();
  if (!text.includes('/') && ipaddr.isValid(text))
    return parseRange(`${text}/${text.includes(':') ? 128 : 32}`);
  if (!ipaddr.isValidCIDR(text)) return undefined;
  const [address, bits] = ipaddr.parseCIDR(text);
  const isV4 = address.kind() === 'ipv4';
  const bytes = [...new Array<number>(isV4 ? 12 : 0).fill(0), ...address.toByteArray()];
  const length = isV4 ? bits + 96 : bits;
  const word = (i: number): number =>
    bytes.slice(i * 4, i * 4 + 4).reduce((value, byte) => (value << 8) | byte, 0);
  return {
    family: isV4 ? 4 : 6,
    words: [word(0), word(1), word(2), word(3)],
    masks: [mask(length), mask(length - 32), mask(length - 64), mask(length - 96)],
  };
}

function mask(bits: number): number {
  return bits <= 0 ? 0 : bits >= 32 ? -1 : -1 << (32 - bits);
}
