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
    const rows: unknown = this.#json(`${kind}/${table}`);
    const validate = this.#ajv.compile<T>(this.#json(`schema/${table}`) as object);
    if (!validate(rows))
      throw new ConfigError(`the table ${kind}/${table}.json ${place(validate.errors?.[0])}`);
    return rows;
  }

  #json(path: string): unknown {
    return parseTableFile(this.#directory, `${path}.json`);
  }
}

function place(error: ErrorObject | undefined): string {
  return error === undefined
    ? 'is not as its schema says'
    : `at ${error.instancePath}: ${error.message ?? ''}`;
}
