import { RowServerError } from '../shared-rows/row-server.ts';

/** What a server that is full or read-only, or that does not let this user write, answers to a write. */
const REFUSALS: ReadonlySet<string> = new Set(['OOM', 'MISCONF', 'READONLY', 'NOPERM']);

/**
 * Redis 6.2 puts what a script ran into behind a sentence of its own: `ERR Error running script (call to f_...):
 * @user_script:1: ... -READONLY You can't write against a read only replica`.
 */
const OF_SCRIPT = new RegExp(`-(${[...REFUSALS].join('|')})\\b`);

/**
 * `ECONNREFUSED` of the connection; Redis's own errors begin with a code in capitals, such as OOM or WRONGPASS. What
 * comes behind may hold an address or a name.
 */
export function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  if ('code' in error) return asCode(String(error.code));
  return OF_SCRIPT.exec(error.message)?.[1] ?? asCode(error.message.split(' ', 1)[0]);
}

function asCode(text: string | undefined): string | undefined {
  return text !== undefined && /^[A-Z][A-Z_]+$/.test(text) ? text : undefined;
}

/** To be thrown on: the error of a command, in the words of who asks for rows. */
export function asRowServerError(error: unknown): RowServerError {
  const code = codeOf(error);
  return new RowServerError(code, code !== undefined && REFUSALS.has(code), { cause: error });
}
