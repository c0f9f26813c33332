import { isIPv6 } from 'node:net';
import ipaddr from 'ipaddr.js';
import { LRUCache } from 'lru-cache';

const WINDOW_MILLISECONDS = 60_000;
const MOST_FAILURES = 10;
/** Addresses remembered: some 1 MB. A flood from more addresses than that makes the oldest begin anew. */
const MOST_ADDRESSES = 10_000;

export interface FailedLogin {
  /** Seconds until this address is listened to again; undefined while it is. */
  readonly retryAfter: number | undefined;
  /** Whether the log should tell of it: the first of a minute, and the one with which the limit begins. */
  readonly isNews: boolean;
}

/**
 * Counts failed logins by address, an IPv6 network of /64 as one. What it limits is the answers and log lines that
 * guessing can cause; guessing 256 bits is hopeless anyway, so that a right credential always passes: otherwise one
 * wrong client behind a proxy would lock out all others there, and every event of theirs would go on unenriched.
 */
export class LoginLimit {
  readonly #failures = new LRUCache<string, { count: number; until: number }>({ max: MOST_ADDRESSES });

  failed(address: string, now: number): FailedLogin {
    const key = networkOf(address);
    let entry = this.#failures.get(key);
    if (entry === undefined || entry.until <= now) {
      entry = { count: 0, until: now + WINDOW_MILLISECONDS };
      this.#failures.set(key, entry);
    }
    entry.count++;
    const isLimited = entry.count > MOST_FAILURES;
    return {
      retryAfter: isLimited ? Math.ceil((entry.until - now) / 1000) : undefined,
      isNews: entry.count === 1 || entry.count === MOST_FAILURES + 1,
    };
  }
}

function networkOf(address: string): string {
  if (!isIPv6(address)) return address;
  const parsed = ipaddr.process(address);
  return parsed.kind() === 'ipv4' ? parsed.toString() : parsed.toByteArray().slice(0, 8).join('.');
}
