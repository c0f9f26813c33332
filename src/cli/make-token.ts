import { makeToken } from '../http/tokens.ts';
import { isScope, SCOPES } from '../scopes.ts';

/**
 * Prints the line for the tokens file on standard output, so that it can be appended there, and the token itself on
 * standard error: it is shown this once and stored nowhere. Returns the exit code: 0 done, 2 a scope is not known.
 */
export function printToken(name: string, scopes: string): number {
  const wanted = scopes.split(',');
  if (!wanted.every(isScope) || !/^[\w.@-]{1,64}$/.test(name)) {
    console.error(`NAME is of letters, digits and ._@-; scopes are some of ${SCOPES.join(',')}`);
    return 2;
  }
  const { token, line } = makeToken(name, wanted);
  console.error(`token of ${name}, shown this once: ${token}`);
  console.log(line);
  return 0;
}
