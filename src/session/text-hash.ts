import { randomInt } from 'node:crypto';

/** Another one in each process: who sends events cannot choose keys that all fall into one place. */
const SEED = randomInt(2 ** 32) | 0;
const STEP = 0x9e3779b1;

/**
 * 32 bits of a text: each two letters are one step of a multiplicative hash (Knuth, The Art of Computer Programming 3,
 * 6.4), and the last step of MurmurHash3, which is in the public domain, spreads what the steps leave in the upper bits.
 */
export function hashOf(text: string): number {
  return hashEnded(hashBegun(text), text.charCodeAt(text.length - 1));
}

/** The steps for all letters but the last: what texts that differ in that one have in common. */
export function hashBegun(text: string): number {
  const end = text.length - 1;
  let hash = SEED ^ text.length;
  let i = 1;
  for (; i < end; i += 2)
    hash = Math.imul(hash ^ (text.charCodeAt(i - 1) | (text.charCodeAt(i) << 16)), STEP);
  return i === end ? Math.imul(hash ^ text.charCodeAt(i - 1), STEP) : hash;
}

/** @param last the code of the last letter */
export function hashEnded(begun: number, last: number): number {
  let hash = Math.imul(begun ^ last, STEP);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) | 0;
}
