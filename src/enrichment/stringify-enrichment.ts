import type { Enrichment } from './enrichment.ts';

/** JSON of parts that rows of the tables share between events: the same frozen object is the same text. */
const fragments = new WeakMap<object, string>();

/**
 * The answer as JSON, the same text that JSON.stringify gives. Parts that come from a table's row as they are (ATT&CK)
 * make a third of an answer, and are put into text once for each row.
 */
export function stringifyEnrichment(enrichment: Enrichment): string {
  let json = '';
  for (const key in enrichment) {
    const value = enrichment[key as keyof Enrichment];
    if (value === undefined) continue;
    json += `${json === '' ? '{' : ','}"${key}":${fragmentOf(value)}`;
  }
  return `${json}}`;
}

function fragmentOf(value: NonNullable<Enrichment[keyof Enrichment]>): string {
  if (typeof value === 'string' || !Object.isFrozen(value)) return JSON.stringify(value);
  let fragment = fragments.get(value);
  if (fragment === undefined) {
    fragment = JSON.stringify(value);
    fragments.set(value, fragment);
  }
  return fragment;
}
