import { IDS, NAMES } from './account.ts';

export type Random = () => number;

export function pick<T>(random: Random, from: readonly T[]): T {
  return from[Math.floor(random() * from.length)] as T;
}

/** Draws each member once, in any order, before one of them comes again: even rare ones have their turn. */
export function deck<T>(random: Random, members: readonly T[]): () => T {
  let left: T[] = [];
  return () => {
    if (left.length === 0) left = [...members];
    return left.splice(Math.floor(random() * left.length), 1)[0] as T;
  };
}

const LOWER = 'abcdefghijklmnopqrstuvwxyz';
const ALPHABETS: Record<string, string> = {
  hex: '0123456789abcdef',
  digits: '0123456789',
  upper: `${LOWER.toUpperCase()}234567`,
  lower: LOWER,
  'base64-': `${LOWER}${LOWER.toUpperCase()}0123456789+/`,
};

export function letters(random: Random, alphabet: string, count: number): string {
  const from = ALPHABETS[alphabet] as string;
  return Array.from({ length: count }, () => from[Math.floor(random() * from.length)]).join('');
}

export function uuid(random: Random): string {
  const hex = (count: number) => letters(random, 'hex', count);
  return `${hex(8)}-${hex(4)}-4${hex(3)}-a${hex(3)}-${hex(12)}`;
}

/** The ids of the things of the account: the same ones are met again and again. */
export function idsOf(random: Random): Map<string, string[]> {
  return new Map(
    Object.entries(IDS).map(([name, [start, count]]) => [
      name,
      Array.from({ length: count }, () => `${start}${letters(random, 'hex', 16)}`),
    ]),
  );
}

/** The values of one record. */
export class Values {
  readonly #random: Random;
  readonly #ids: Map<string, string[]>;
  readonly #known: Map<string, unknown>;

  constructor(random: Random, ids: Map<string, string[]>, given: Record<string, unknown>) {
    this.#random = random;
    this.#ids = ids;
    this.#known = new Map(Object.entries(given));
  }

  /** The shape with a value for each placeholder. */
  fill(shape: unknown): unknown {
    if (typeof shape === 'string') return this.#text(shape);
    if (Array.isArray(shape)) return shape.map((member) => this.fill(member));
    if (typeof shape !== 'object' || shape === null) return shape;
    return Object.fromEntries(Object.entries(shape).map(([key, value]) => [key, this.fill(value)]));
  }

  text(shape: string): string {
    return String(this.#text(shape));
  }

  #text(text: string): unknown {
    const [whole, name] = /^\{([\w:-]+)\}$/.exec(text) ?? [];
    if (whole !== undefined) return this.#value(name as string);
    return text.replace(/\{([\w:-]+)\}/g, (_, part: string) => String(this.#value(part)));
  }

  #value(name: string): unknown {
    if (!this.#known.has(name)) this.#known.set(name, this.#make(name));
    return this.#known.get(name);
  }

  #make(name: string): unknown {
    const [kind, from, to] = name.split(':') as [string, string?, string?];
    if (kind === 'uuid') return uuid(this.#random);
    if (kind === 'int') return Number(from) + Math.floor(this.#random() * (Number(to) - Number(from) + 1));
    const pool = this.#ids.get(kind) ?? NAMES[kind];
    if (pool !== undefined) return this.fill(pick(this.#random, pool));
    const [, alphabet, count] = /^([a-z]+(?:64-)?)(\d+)$/.exec(kind) ?? [];
    if (alphabet === undefined) throw new Error(`no value for {${name}}`);
    return letters(this.#random, alphabet, Number(count));
  }
}
