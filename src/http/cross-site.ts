import type { IncomingMessage } from 'node:http';

/**
 * Whether a page of another site had a browser send this (W3C, "Fetch Metadata Request Headers", 2.3; RFC 6454, 7).
 * What such a request would read, the browser keeps from the page; what it would do, nobody but the service prevents.
 */
export function isCrossSite({ method = '', headers }: IncomingMessage): boolean {
  if (SAFE_METHODS.includes(method)) return false;
  const site = headers['sec-fetch-site'];
  // A proxy in between may change Host, and not this.
  if (site !== undefined) return site !== 'same-origin' && site !== 'none';
  return headers.origin !== undefined && hostOf(headers.origin) !== headers.host;
}

/** RFC 9110, 9.2.1. */
const SAFE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS', 'TRACE'];

function hostOf(origin: string): string | undefined {
  return URL.parse(origin)?.host;
}
