import type { Finding } from './check-options.ts';
import { attributeOf, type Plugin, plainValue } from './config.ts';

/**
 * What the event itself says stays as it came: an enrichment that overwrites the user, the source or the time of an
 * event destroys evidence.
 */
const UNTOUCHED = ['@timestamp', '@version', 'user', 'source', 'event'];

/** Options of any filter whose keys are fields that it writes, and those whose items are. */
const KEYS_WRITTEN = ['add_field', 'coerce', 'convert', 'join', 'merge', 'replace', 'split', 'update'];
const ITEMS_WRITTEN = ['capitalize', 'gsub', 'lowercase', 'remove_field', 'strip', 'uppercase'];

export function checkWrites(filter: Plugin): Finding[] {
  if (filter.name === 'json' && attributeOf(filter, 'target') === undefined) {
    return [{ line: filter.line, message: 'json without target writes whatever the text holds' }];
  }
  return fieldsWritten(filter)
    .filter((field) => UNTOUCHED.includes(rootOf(field)))
    .map((field) => ({ line: filter.line, message: `${filter.name} writes ${field}` }));
}

function fieldsWritten(filter: Plugin): string[] {
  return filter.attributes.flatMap(({ name, value }) => {
    const plain = plainValue(value);
    if (name === 'target' || name === 'target_body' || name === 'target_headers') return texts(plain);
    if (name === 'code') return texts(plain).flatMap(writtenByRuby);
    if (ITEMS_WRITTEN.includes(name)) return name === 'gsub' ? texts(plain).slice(0, 1) : texts(plain);
    if (typeof plain !== 'object' || Array.isArray(plain)) return [];
    if (KEYS_WRITTEN.includes(name)) return Object.keys(plain);
    if (name === 'copy') return Object.values(plain).flatMap(texts);
    return name === 'rename' ? Object.entries(plain).flat().flatMap(texts) : [];
  });
}

/** `event.set('[a]', ...)`, `event.remove("b")`; a name that is not literal is reported as it stands. */
function writtenByRuby(code: string): string[] {
  return [...code.matchAll(/event\.(?:set|remove)\(\s*([^,)]*)/g)].map((match) =>
    (match[1] ?? '').trim().replace(/^(['"])(.*)\1$/, '$2'),
  );
}

function texts(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.flatMap(texts) : [];
}

/** `user` of both `user` and `[user][name]`. */
function rootOf(field: string): string {
  return /^\[([^\]]+)\]/.exec(field)?.[1] ?? field;
}
