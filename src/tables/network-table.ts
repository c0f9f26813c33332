import { endianness } from 'node:os';

/** Which network an address belongs to. Addresses come as 32-bit numbers: the whole of IPv4, the upper half of IPv6. */
export interface Networks {
  /** The autonomous system that announces the address; undefined where the table has no row for it. */
  asnOfV4(address: number): number | undefined;
  asnOfV6(high: number, low: number): number | undefined;
  isAws(asn: number): boolean;
  /** Whether anyone can rent a machine there, so that a shared network says nothing of who is in it. */
  isHosting(asn: number): boolean;
}

/** A row of data/curated/hosting-networks.json. */
export interface HostingNetworkRow {
  readonly asn: number;
  readonly name: string;
  readonly kind: 'aws' | 'hosting';
}

/** `DRNT`, and the version of the format that follows. */
export const NETWORKS_MARK = 0x544e5244;
export const NETWORKS_FORMAT = 1;
const HEADER = 16;

/** data/generated/networks.bin as scripts/refresh-networks.ts describes it: sorted starts, found by halving. */
export class NetworkTable implements Networks {
  readonly #v4: Uint32Array;
  readonly #v4Asn: Uint32Array;
  readonly #v6High: Uint32Array;
  readonly #v6Low: Uint32Array;
  readonly #v6Asn: Uint32Array;
  readonly #aws: ReadonlySet<number>;
  readonly #hosting: ReadonlySet<number>;

  /** Throws an Error where the content is not of this format. */
  constructor(content: Buffer, hosting: readonly HostingNetworkRow[]) {
    const words = wordsOf(content);
    const [mark, format, v4 = 0, v6 = 0] = words;
    if (
      mark !== NETWORKS_MARK ||
      format !== NETWORKS_FORMAT ||
      words.length !== HEADER / 4 + v4 * 2 + v6 * 3
    ) {
      throw new Error('networks.bin is not a networks table of this format');
    }
    let at = HEADER / 4;
    const column = (rows: number): Uint32Array => {
      at += rows;
      return words.subarray(at - rows, at);
    };
    this.#v4 = column(v4);
    this.#v4Asn = column(v4);
    this.#v6High = column(v6);
    this.#v6Low = column(v6);
    this.#v6Asn = column(v6);
    this.#aws = new Set(hosting.filter((row) => row.kind === 'aws').map((row) => row.asn));
    this.#hosting = new Set(hosting.filter((row) => row.kind === 'hosting').map((row) => row.asn));
  }

  asnOfV4(address: number): number | undefined {
    const starts = this.#v4;
    let low = 0;
    let high = starts.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((starts[middle] as number) <= address) low = middle + 1;
      else high = middle;
    }
    return this.#v4Asn[low - 1] || undefined;
  }

  asnOfV6(upper: number, lower: number): number | undefined {
    let low = 0;
    let high = this.#v6High.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const start = this.#v6High[middle] as number;
      if (start < upper || (start === upper && (this.#v6Low[middle] as number) <= lower)) low = middle + 1;
      else high = middle;
    }
    return this.#v6Asn[low - 1] || undefined;
  }

  isAws(asn: number): boolean {
    return this.#aws.has(asn);
  }

  isHosting(asn: number): boolean {
    return this.#hosting.has(asn);
  }
}

/** The file's bytes as they lie, which are in this machine's order on every platform that Node.js runs on but s390x. */
function wordsOf(content: Buffer): Uint32Array {
  const copy = new Uint8Array(content.length - (content.length % 4));
  copy.set(content.subarray(0, copy.length));
  if (endianness() === 'BE') Buffer.from(copy.buffer).swap32();
  return new Uint32Array(copy.buffer);
}
