import { Ajv, type ErrorObject } from 'ajv';
import { ConfigError } from '../config.ts';
import { parseTableFile } from './table-file.ts';

/** Reads tables of one data directory, each checked against data/schema/<table>.json before it is believed. */
export class TableSchemas {
  readonly #directory: string;
  // Our own schemas, compiled once each at every start: to check and to polish them would cost more than to use them.
  readonly #ajv = new Ajv({ allowUnionTypes: true, validateSchema: false, code: { optimize: false } });

  constructor(directory: string) {
    this.#directory = directory;
  }

  /** Throws a ConfigError that names the table, and the row and field that are not as the schema says. */
  read<T>(kind: 'generated' | 'curated', table: string): T {
    return this.#checked(`${kind}/${table}`, table);
  }

  /** The same of what is said of the tables themselves. */
  readAbout<T>(list: 'sources' | 'decision-dates'): T {
    return this.#checked(list, list);
  }

  #checked<T>(path: string, schema: string): T {
    const rows: unknown = this.#json(path);
    const validate = this.#ajv.compile<T>(this.#json(`schema/${schema}`) as object);
    if (!validate(rows)) throw new ConfigError(`the table ${path}.json ${place(validate.errors?.[0])}`);
    return rows;
  }

  #json(path: string): unknown {
    return parseTableFile(this.#directory, `${path}.json`);
  }
}

function place(error: ErrorObject | undefined): string {
  if (error === undefined) return 'is not as its schema says';
  if (error.schemaPath === '#/type' && error.params['type'] === 'array') return 'is not a list';
  return `at ${error.instancePath}: ${error.message ?? ''}`;
}
