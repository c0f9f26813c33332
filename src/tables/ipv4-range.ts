/** A range of IPv4 addresses, as a firewall's rule names it (RFC 4632). */
export interface Ipv4Range {
  /** The address before the slash as a number of 32 bits; its host bits may be set. */
  readonly address: number;
  /** Length of the prefix, 0-32. */
  readonly length: number;
}

const FORM = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** `undefined` for what is no range of IPv4 addresses, as one of IPv6 or a single address. */
export function ipv4Range(text: string): Ipv4Range | undefined {
  const parts = FORM.exec(text)?.slice(1).map(Number);
  if (parts === undefined) return undefined;
  const [length = 33, ...octets] = parts.reverse();
  if (length > 32 || octets.some((octet) => octet > 255)) return undefined;
  return { address: octets.reduceRight((value, octet) => value * 256 + octet, 0), length };
}

/** Whether all addresses of one range are in the other: `10.1.2.3/0` is everything, whatever it begins with. */
export function isWithin(inner: Ipv4Range, outer: Ipv4Range): boolean {
  return inner.length >= outer.length && prefix(inner, outer.length) === prefix(outer, outer.length);
}

function prefix({ address }: Ipv4Range, length: number): number {
  return Math.floor(address / 2 ** (32 - length));
}
