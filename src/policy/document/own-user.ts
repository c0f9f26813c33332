import { fillOwnPlace } from '../patterns/own-place.ts';
import { wildcardTest } from '../patterns/wildcard.ts';

/** Stands for the name of the caller: no pattern names it but by a wildcard. */
const OWN_NAME = '\u0001';
/** IAM User Guide, "IAM policy elements: Variables and tags": the name of the user, without its path. */
const USER_NAME = /\$\{aws:username(?:,[^${}]*)?\}/gi;

/** Whether a pattern takes in the user who makes the call, by the name that IAM fills in: `user/${aws:username}`. */
export function namesOwnUser(pattern: string): boolean {
  if (!pattern.includes('${')) return false;
  const placed = fillOwnPlace(pattern);
  const filled = placed.replaceAll(USER_NAME, OWN_NAME);
  if (filled === placed) return false;
  const name = filled.slice(filled.lastIndexOf('/') + 1);
  if (!name.includes(OWN_NAME) || !wildcardTest(name)(OWN_NAME)) return false;
  const [, , service = '*', , , resource = '*'] = filled.split(':', 6);
  return wildcardTest(service)('iam') && (resource.startsWith('user/') || resource.startsWith('*'));
}
