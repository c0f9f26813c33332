import { firstWildcard } from '../patterns/wildcard.ts';

/**
 * What S3 still takes for a limit: a larger network is public to it (Amazon S3 User Guide, "Blocking public access to
 * your Amazon S3 storage", The meaning of "public"). Whoever rents a machine somewhere gets an address in one.
 */
const SHORTEST_PREFIX = { 4: 8, 6: 32 } as const;

/** Of all addresses; those of IPv6 that are given out are an eighth of it, 2000::/3 (RFC 4291). */
const HALF = { 4: 1 / 2, 6: 1 / 16 } as const;

/** Whether networks in CIDR notation, and addresses, leave out at least half of the world. */
export function limitsAddresses(values: readonly string[]): boolean {
  const shares = { 4: 0, 6: 0 };
  for (const value of new Set(values)) {
    const wildcard = firstWildcard(value);
    if (wildcard >= 0 && !/[.:]/.test(value.slice(0, wildcard))) return false;
    const version = value.includes(':') ? 6 : 4;
    const prefix = prefixOf(value);
    if (prefix < SHORTEST_PREFIX[version]) return false;
    shares[version] += 2 ** -prefix;
  }
  return shares[4] < HALF[4] && shares[6] < HALF[6];
}

/** An address without a length stands for itself alone. */
function prefixOf(value: string): number {
  const slash = value.indexOf('/');
  const prefix = slash < 0 ? Number.NaN : Number.parseInt(value.slice(slash + 1), 10);
  return Number.isNaN(prefix) ? 128 : prefix;
}
