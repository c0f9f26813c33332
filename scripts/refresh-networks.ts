import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { NETWORKS_FORMAT, NETWORKS_MARK } from '../src/tables/network-table.ts';
import { writeGeneratedFile } from './generated-table.ts';

/**
 * Which autonomous system announces an address, from @ip-location-db/asn, as data/generated/networks.bin. The
 * package holds 64 MB of text and is needed only here, so it is fetched, not installed.
 *
 * The file is little-endian: four 32-bit numbers (the mark `DRNT`, the format's version, the count of IPv4 rows,
 * the count of IPv6 rows), then columns of 32-bit numbers: IPv4 starts, IPv4 systems; IPv6 starts as upper and lower
 * half of a /64, IPv6 systems. A row reaches up to the next one's start; system 0 is a gap.
 */
const PACKAGE = '@ip-location-db/asn';

interface NetworkRange {
  readonly first: bigint;
  readonly last: bigint;
  readonly asn: number;
}

const directory = mkdtempSync(`${tmpdir()}/networks-`);
try {
  execFileSync('npm', ['pack', PACKAGE, '--silent', '--pack-destination', directory], { stdio: 'ignore' });
  execFileSync('sh', ['-c', 'tar -xzf "$0"/*.tgz -C "$0"', directory]);
  writeNetworks(`${directory}/package`);
} finally {
  rmSync(directory, { recursive: true });
}

function writeNetworks(source: string): void {
  const { version } = JSON.parse(readFileSync(`${source}/package.json`, 'utf8')) as { version: string };
  const v4 = withGaps(readRanges(`${source}/asn-ipv4-num.csv`), 0n);
  // An IPv6 network smaller than a /64 is not announced by anyone: the lower half of the address is left out.
  const v6 = withGaps(readRanges(`${source}/asn-ipv6-num.csv`), 64n);
  const content = Buffer.concat([
    column([NETWORKS_MARK, NETWORKS_FORMAT, v4.length, v6.length]),
    column(v4.map((row) => Number(row.first))),
    column(v4.map((row) => row.asn)),
    column(v6.map((row) => Number(row.first >> 32n))),
    column(v6.map((row) => Number(row.first & 0xffffffffn))),
    column(v6.map((row) => row.asn)),
  ]);
  writeGeneratedFile(
    {
      table: 'networks',
      generator: 'scripts/refresh-networks.ts',
      source: `npm ${PACKAGE} (RouteViews, DB-IP, NRO)`,
      version,
      date: dateOf(version),
      licence:
        'CC BY 4.0: IP to ASN data by Route Views (routeviews.org), DB-IP (db-ip.com) and NRO (nro.net)',
    },
    'networks.bin',
    content,
    v4.length + v6.length,
  );
}

/** The package's version ends in its build time: 2.3.2026061719. */
function dateOf(version: string): string {
  const [, year, month, day] = /(\d{4})(\d\d)(\d\d)\d\d$/.exec(version) ?? [];
  if (day === undefined) throw new Error(`${PACKAGE}: no date in version ${version}`);
  return `${year}-${month}-${day}`;
}

/** Rows of `first,last,asn,name`, sorted by `first`. */
function readRanges(file: string): NetworkRange[] {
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => {
      const [first = '', last = '', asn = ''] = line.split(',', 3);
      return { first: BigInt(first), last: BigInt(last), asn: Number(asn) };
    });
}

/** Starts only, in the units that remain after `shift`; neighbours of one system become one row. */
function withGaps(ranges: readonly NetworkRange[], shift: bigint): { first: bigint; asn: number }[] {
  const rows: { first: bigint; asn: number }[] = [{ first: 0n, asn: 0 }];
  let next = 0n;
  const add = (first: bigint, asn: number): void => {
    const last = rows.at(-1);
    if (last?.first === first) last.asn = asn;
    else if (last?.asn !== asn) rows.push({ first, asn });
  };
  for (const range of ranges) {
    const first = range.first >> shift;
    if (first < next) continue;
    if (first > next) add(next, 0);
    add(first, range.asn);
    next = (range.last >> shift) + 1n;
  }
  add(next, 0);
  return rows;
}

function column(values: readonly number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, i) => {
    buffer.writeUInt32LE(value, i * 4);
  });
  return buffer;
}
