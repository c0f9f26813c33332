/** Which network an address belongs to. Addresses come as 32-bit numbers: the whole of IPv4, the upper half of IPv6. */
export interface Networks {
  /** The autonomous system that announces the address; undefined where the table has no row for it. */
  asnOfV4(address: number): number | undefined;
  asnOfV6(high: number, low: number): number | undefined;
  isAws(asn: number): boolean;
  /** Whether anyone can rent a machine there, so that a shared network says nothing of who is in it. */
  isHosting(asn: number): boolean;
}
