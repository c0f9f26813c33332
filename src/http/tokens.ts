import { hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { isScope, type Scope } from '../scopes.ts';

export interface Caller {
  readonly name: string;
  readonly scopes: ReadonlySet<Scope>;
}

interface Token extends Caller {
  /** SHA-256 of the token. A random token of 256 bits needs no salt and no slow hash: there is nothing to guess. */
  readonly digest: Buffer;
}

/** Names the line, never what stands in it. */
export class TokensError extends Error {}

const BEARER = /^Bearer +([\w\-.~+/]+=*) *$/i;
const BASIC = /^Basic +([A-Za-z0-9+/]+=*) *$/i;
const LINE = /^(\S{1,64})\s+([a-z,]+)\s+([0-9a-f]{64})$/;
/** RFC 6750 sets no limit; ours have 47 characters, and nothing longer is worth hashing. */
const LONGEST_HEADER = 512;

/** The tokens of a file: a line holds a name, its scopes and the SHA-256 of its token; `#` begins a remark. */
export class Tokens {
  readonly #tokens: readonly Token[];

  constructor(text: string) {
    this.#tokens = text.split(/\r?\n/).flatMap((line, i) => {
      const content = line.trim();
      return content === '' || content.startsWith('#') ? [] : [parseLine(content, i + 1)];
    });
  }

  get size(): number {
    return this.#tokens.length;
  }

  /**
   * Whose token an Authorization header holds: `Bearer TOKEN`, or `Basic` with the name as user and the token as
   * password. Every token is compared, each in constant time, whether or not an earlier one fits.
   */
  callerOf(header: string): Caller | undefined {
    const presented = header.length > LONGEST_HEADER ? undefined : credentialsIn(header);
    if (presented === undefined) return undefined;
    const digest = digestOf(presented.token);
    let caller: Caller | undefined;
    for (const token of this.#tokens) {
      const fits = timingSafeEqual(token.digest, digest);
      if (fits && (presented.name === undefined || presented.name === token.name)) caller = token;
    }
    return caller;
  }
}

function parseLine(line: string, number: number): Token {
  const [, name = '', scopes = '', digest = ''] = LINE.exec(line) ?? [];
  const known = scopes.split(',').filter(isScope);
  if (name === '' || known.length !== scopes.split(',').length) {
    throw new TokensError(`line ${number} is not: NAME SCOPES SHA256`);
  }
  return { name, scopes: new Set(known), digest: Buffer.from(digest, 'hex') };
}

function credentialsIn(header: string): { name: string | undefined; token: string } | undefined {
  const bearer = BEARER.exec(header)?.[1];
  if (bearer !== undefined) return { name: undefined, token: bearer };
  const basic = BASIC.exec(header)?.[1];
  if (basic === undefined) return undefined;
  const text = Buffer.from(basic, 'base64').toString('utf8');
  const colon = text.indexOf(':');
  return colon < 0 ? undefined : { name: text.slice(0, colon), token: text.slice(colon + 1) };
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer');
}

/** A token of 256 random bits, and the line that lets it in. The prefix lets scanners for leaked secrets find it. */
export function makeToken(name: string, scopes: readonly Scope[]): { token: string; line: string } {
  const token = `dtr_${randomBytes(32).toString('base64url')}`;
  return { token, line: `${name} ${scopes.join(',')} ${digestOf(token).toString('hex')}` };
}
