/**
 * What a connection may take: times, in milliseconds, and the memory of slow ones. Fixed: each fits what Logstash and
 * proxies do.
 */
export interface ConnectionLimits {
  /**
   * Logstash's http client keeps a connection for as long as the server says it will; longer than the 60 s and 75 s
   * after which proxies in between close theirs, so that it is never the server that breaks a connection in use.
   */
  readonly keepAlive: number;
  /** From the first byte of a request, or the opening of a connection, to the end of its headers. */
  readonly headers: number;
  /** From the headers to the end of the body, of every route that does not stream. */
  readonly body: number;
  /** Without a byte in either direction while a request is under way. */
  readonly silence: number;
  /** Of bodies that are on their way for more than a second, all together, in bytes; the oldest give way. */
  readonly bytesUnderWay: number;
  /** How often slow connections are looked for. */
  readonly sweep: number;
}

export const CONNECTION_LIMITS: ConnectionLimits = {
  keepAlive: 90_000,
  headers: 20_000,
  body: 30_000,
  silence: 60_000,
  bytesUnderWay: 256 * 1024 * 1024,
  sweep: 1_000,
};

/** Logstash waits 10 s for an answer: what waits longer than this is worth no work, and is refused. */
export const LONGEST_WAIT_MILLISECONDS = 8_000;

/** In seconds, for Retry-After: long enough for what stands in line to be answered. */
export const RETRY_AFTER_SECONDS = 5;
