import type { Attribute, Plugin, Value } from './config.ts';
import { ConfigSyntaxError, type Cursor, expect, lineOf, skipSpace, take, takePattern } from './cursor.ts';

const NAME = /[A-Za-z0-9_-]+/y;
/** Of one letter alone the grammar knows no bareword. */
const BAREWORD = /[A-Za-z_][A-Za-z0-9_]+/y;
const NUMBER = /-?[0-9]+(?:\.[0-9]*)?/y;
const STRING = /"(?:\\"|[^"])*"|'(?:\\'|[^'])*'/y;

export function parsePlugin(cursor: Cursor): Plugin {
  skipSpace(cursor);
  const line = lineOf(cursor);
  const name = parseName(cursor, 'the name of a plugin');
  return { type: 'plugin', name, attributes: parseAttributes(cursor), line };
}

function parseAttributes(cursor: Cursor): Attribute[] {
  expect(cursor, '{');
  const attributes: Attribute[] = [];
  while (!take(cursor, '}')) {
    const line = lineOf(cursor);
    const name = parseName(cursor, 'the name of an option or }');
    expect(cursor, '=>');
    attributes.push({ name, value: parseValue(cursor), line });
  }
  return attributes;
}

function parseName(cursor: Cursor, expected: string): string {
  skipSpace(cursor);
  const name = takePattern(cursor, NAME) ?? takeString(cursor);
  if (name === undefined) throw new ConfigSyntaxError(cursor, expected);
  return name;
}

export function parseValue(cursor: Cursor): Value {
  skipSpace(cursor);
  const text = takeString(cursor);
  if (text !== undefined) return { type: 'string', text };
  const number = takePattern(cursor, NUMBER);
  if (number !== undefined) return { type: 'number', value: Number(number) };
  if (take(cursor, '[')) return { type: 'array', items: parseItems(cursor) };
  if (take(cursor, '{')) return { type: 'hash', entries: parseEntries(cursor) };
  return parseBarewordOrCodec(cursor);
}

/** `json`, or `json { charset => ... }`. */
function parseBarewordOrCodec(cursor: Cursor): Value {
  const line = lineOf(cursor);
  const word = takePattern(cursor, BAREWORD);
  if (word === undefined) throw new ConfigSyntaxError(cursor, 'a value');
  skipSpace(cursor);
  if (cursor.text.charAt(cursor.at) !== '{') return { type: 'bareword', text: word };
  return { type: 'plugin', name: word, attributes: parseAttributes(cursor), line };
}

function parseItems(cursor: Cursor): Value[] {
  if (take(cursor, ']')) return [];
  const items = [parseValue(cursor)];
  while (!take(cursor, ']')) {
    expect(cursor, ',');
    items.push(parseValue(cursor));
  }
  return items;
}

/** Entries follow each other without commas. */
function parseEntries(cursor: Cursor): (readonly [string, Value])[] {
  const entries: (readonly [string, Value])[] = [];
  while (!take(cursor, '}')) {
    const key = takeString(cursor) ?? takePattern(cursor, BAREWORD) ?? takePattern(cursor, NUMBER);
    if (key === undefined) throw new ConfigSyntaxError(cursor, 'a key or }');
    expect(cursor, '=>');
    entries.push([key, parseValue(cursor)]);
  }
  return entries;
}

/** What stands between the quotes, as it stands: escapes mean nothing unless config.support_escapes is set. */
function takeString(cursor: Cursor): string | undefined {
  return takePattern(cursor, STRING)?.slice(1, -1);
}
