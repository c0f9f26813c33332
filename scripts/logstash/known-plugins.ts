import { readFileSync } from 'node:fs';
import type { SectionKind } from './config.ts';

/** Type of an option's value, or the values that it may have. */
export type OptionType = 'string' | 'number' | 'boolean' | 'array' | 'hash' | 'any' | readonly string[];

/** A row of data/curated/logstash-plugins.json. */
export interface KnownPlugin {
  readonly kind: SectionKind | 'codec';
  readonly name: string;
  readonly version: string;
  readonly reference: string;
  readonly required: readonly string[];
  readonly removed?: readonly string[];
  readonly secret?: readonly string[];
  readonly options: { readonly [name: string]: OptionType };
}

/** Logstash Reference: "Common options" of input, filter, output and codec plugins. */
export const COMMON_OPTIONS: { readonly [kind: string]: { readonly [name: string]: OptionType } } = {
  input: {
    add_field: 'hash',
    codec: 'any',
    enable_metric: 'boolean',
    id: 'string',
    tags: 'array',
    type: 'string',
  },
  filter: {
    add_field: 'hash',
    add_tag: 'array',
    enable_metric: 'boolean',
    id: 'string',
    periodic_flush: 'boolean',
    remove_field: 'array',
    remove_tag: 'array',
  },
  output: { codec: 'any', enable_metric: 'boolean', id: 'string' },
  codec: { enable_metric: 'boolean', id: 'string' },
};

const TABLE = new URL('../../data/curated/logstash-plugins.json', import.meta.url);

export function readKnownPlugins(): readonly KnownPlugin[] {
  return JSON.parse(readFileSync(TABLE, 'utf8')) as KnownPlugin[];
}
