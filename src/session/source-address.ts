/**
 * An IPv4 or IPv6 address as four 32-bit numbers; an IPv4 address stands in the last. Written by hand since node:net
 * would only say whether the text is an address.
 */
export interface Ip {
  readonly family: 4 | 6;
  readonly a: number;
  readonly b: number;
  readonly c: number;
  readonly d: number;
}

const LONGEST_IP = 45;

let lastText: string | undefined;
let last: Ip | undefined;

/** Undefined where the text is no address. Each event asks for its own up to three times. */
export function parseIp(text: string | undefined): Ip | undefined {
  if (text === undefined || text.length < 2 || text.length > LONGEST_IP) return undefined;
  if (text === lastText) return last;
  last = parseAny(text);
  lastText = text;
  return last;
}

function parseAny(text: string): Ip | undefined {
  if (text.includes(':')) return parseV6(text);
  const v4 = parseV4(text, 0);
  return v4 === undefined ? undefined : { family: 4, a: 0, b: 0, c: 0, d: v4 };
}

const DOT = 0x2e;
const COLON = 0x3a;

function parseV4(text: string, start: number): number | undefined {
  let value = 0;
  let octet = 0;
  let digits = 0;
  let dots = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === DOT) {
      if (digits === 0 || ++dots > 3) return undefined;
      value = value * 256 + octet;
      octet = 0;
      digits = 0;
    } else {
      // A leading zero once meant an octal number: no reader of addresses takes it any more.
      const isLeadingZero = digits > 0 && octet === 0;
      if (code < 0x30 || code > 0x39 || isLeadingZero || ++digits > 3) return undefined;
      octet = octet * 10 + code - 0x30;
      if (octet > 255) return undefined;
    }
  }
  return dots === 3 && digits > 0 ? value * 256 + octet : undefined;
}

function parseV6(text: string): Ip | undefined {
  const head: number[] = [];
  let tail: number[] | undefined;
  let at = 0;
  if (text.startsWith('::')) {
    tail = [];
    at = 2;
  }
  while (at < text.length) {
    const words = tail ?? head;
    let end = at;
    while (end < text.length && text.charCodeAt(end) !== COLON) end++;
    if (text.indexOf('.', at) !== -1 && text.indexOf('.', at) < end) {
      const v4 = end === text.length ? parseV4(text, at) : undefined;
      if (v4 === undefined) return undefined;
      words.push(Math.floor(v4 / 65536), v4 % 65536);
      at = end;
      break;
    }
    const word = parseHex(text, at, end);
    if (word === undefined) return undefined;
    words.push(word);
    if (end === text.length) {
      at = end;
      break;
    }
    at = end + 1;
    if (at === text.length) return undefined;
    if (text.charCodeAt(at) === COLON) {
      if (tail !== undefined) return undefined;
      tail = [];
      at++;
    }
  }
  return fromWords(head, tail);
}

function parseHex(text: string, start: number, end: number): number | undefined {
  if (end === start || end - start > 4) return undefined;
  let value = 0;
  for (let i = start; i < end; i++) {
    const code = text.charCodeAt(i) | 0x20;
    const digit = code >= 0x61 && code <= 0x66 ? code - 0x57 : text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 15 || (digit > 9 && code < 0x61)) return undefined;
    value = value * 16 + digit;
  }
  return value;
}

function fromWords(head: readonly number[], tail: readonly number[] | undefined): Ip | undefined {
  const missing = 8 - head.length - (tail?.length ?? 0);
  if (tail === undefined ? missing !== 0 : missing < 1) return undefined;
  const w = [...head, ...new Array<number>(missing).fill(0), ...(tail ?? [])];
  const pair = (i: number): number => (w[i] ?? 0) * 65536 + (w[i + 1] ?? 0);
  const [a, b, c, d] = [pair(0), pair(2), pair(4), pair(6)];
  // ::ffff:192.0.2.1 is how a dual-stack socket writes an IPv4 peer.
  const isMapped = a === 0 && b === 0 && c === 0xffff;
  return isMapped ? { family: 4, a: 0, b: 0, c: 0, d } : { family: 6, a, b, c, d };
}

export function isSameIp(x: Ip, y: Ip): boolean {
  return x.family === y.family && x.d === y.d && x.c === y.c && x.b === y.b && x.a === y.a;
}

/** RFC 1918, RFC 6598 (CGNAT), RFC 4193 (ULA), loopback and link-local; documentation ranges count as public. */
export function isPrivateIp(ip: Ip): boolean {
  if (ip.family === 6) {
    const top = ip.a >>> 16;
    return (
      (top & 0xfe00) === 0xfc00 ||
      (top & 0xffc0) === 0xfe80 ||
      (ip.a === 0 && ip.b === 0 && ip.c === 0 && ip.d === 1)
    );
  }
  const first = ip.d >>> 24;
  const second = (ip.d >>> 16) & 0xff;
  return (
    first === 10 ||
    first === 127 ||
    (first === 172 && second >= 16 && second <= 31) ||
    (first === 192 && second === 168) ||
    isLinkLocalV4(ip) ||
    (first === 100 && second >= 64 && second <= 127)
  );
}

/** RFC 3927. */
export function isLinkLocalV4(ip: Ip): boolean {
  return ip.family === 4 && ip.d >>> 16 === 0xa9fe;
}

/** The same /24 (IPv4) or /48 (IPv6): what one site is usually given. Undefined across the families. */
export function isSamePrefix(x: Ip, y: Ip): boolean | undefined {
  if (x.family !== y.family) return undefined;
  return x.family === 4 ? x.d >>> 8 === y.d >>> 8 : x.a === y.a && x.b >>> 16 === y.b >>> 16;
}

/** The first address of what `isSamePrefix` compares. */
export function prefixOf(ip: Ip): string {
  if (ip.family === 4) return [ip.d >>> 24, (ip.d >>> 16) & 0xff, (ip.d >>> 8) & 0xff, 0].join('.');
  const words = [ip.a >>> 16, ip.a & 0xffff, ip.b >>> 16].map((word) => word.toString(16));
  return [...words, '', ''].join(':');
}

export const SOURCE_KINDS = ['public', 'private', 'vpce', 'aws_service', 'aws_internal'] as const;

export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Where AWS calls on someone's behalf, CloudTrail writes the service's DNS name or `AWS Internal` as the address. */
export function isServiceAddress(address: string | undefined): boolean {
  return address !== undefined && (address === 'AWS Internal' || isServiceName(address));
}

function isServiceName(address: string): boolean {
  return address.endsWith('.amazonaws.com') || address.endsWith('.amazonaws.com.cn');
}

export function sourceKind(
  address: string | undefined,
  vpcEndpointId: string | undefined,
): SourceKind | undefined {
  if (address === 'AWS Internal') return 'aws_internal';
  if (address !== undefined && isServiceName(address)) return 'aws_service';
  if (vpcEndpointId !== undefined) return 'vpce';
  const ip = parseIp(address);
  return ip === undefined ? undefined : isPrivateIp(ip) ? 'private' : 'public';
}
