import type { ConditionKey } from '../../tables/policy-tables.ts';
import { firstWildcard, matchesEverything, wildcardTest } from '../patterns/wildcard.ts';
import { limitsAddresses } from './address-values.ts';

/**
 * Whether the values of a condition on `key` leave anyone out. Names that AWS gives out say nothing where a part of
 * them is a wildcard: `o-*`, `vpce-*` and `arn:aws:iam::*:role/x` are met by whoever opens an account. One value that
 * everyone meets is enough to make the others worth nothing.
 */
export function valuesLimit(values: readonly string[], key: string, row: ConditionKey): boolean {
  if (values.length === 0) return false;
  const filled = values.map((value) => fillVariables(value, key));
  return filled.every((value) => isLimit(value, row)) && (row.form !== 'address' || limitsAddresses(filled));
}

function isLimit(value: string, row: ConditionKey): boolean {
  if (row.values !== undefined)
    return row.values.some((wanted) => wanted.toLowerCase() === value.toLowerCase());
  if (matchesEverything(value) || takesInLimitless(value, row)) return false;
  switch (row.form) {
    case 'id':
      return isWrittenOut(value);
    case 'organization_path':
      return isWrittenOut(upTo('/', value));
    case 'unique_id':
      return isWrittenOut(upTo(':', value));
    case 'service':
      return !matchesEverything(upTo('.', value));
    case 'provider':
      return value.startsWith('arn:') && namesArnOwner(value);
    case 'arn':
      return namesArnOwner(value);
    default:
      return true;
  }
}

/** The table writes ARNs of the partition aws; those of other partitions name the same. */
function takesInLimitless(value: string, { limitless }: ConditionKey): boolean {
  if (limitless === undefined) return false;
  return limitless.some(wildcardTest(value.replace(/^arn:[^:]*:/, 'arn:aws:')));
}

function isWrittenOut(text: string): boolean {
  return firstWildcard(text) < 0;
}

function upTo(separator: string, text: string): string {
  const end = text.indexOf(separator);
  return end < 0 ? text : text.slice(0, end);
}

/**
 * An account that is written out; or, where ARNs have none, a name that only one can have. A bucket has its name alone,
 * so that `arn:aws:s3:*:*:example` names it too (Amazon S3 User Guide, "Granting permissions to publish event
 * notification messages to a destination"); what has a slash in it may be an access point, which has not.
 */
function namesArnOwner(value: string): boolean {
  if (isWrittenOut(value)) return true;
  const [, , service, , account, resource] = value.split(':', 6);
  if (account === undefined || resource === undefined) return false;
  if (isWrittenOut(account))
    return account !== '' || isWrittenOut(service === 's3' ? upTo('/', resource) : resource);
  return service === 's3' && isWrittenOut(resource) && !resource.includes('/');
}

/**
 * What the caller is or sends along is as good as a wildcard: `${aws:PrincipalOrgID}` as the value of that same key,
 * another of its own properties, or what it writes into the request. So is a value that says who the caller is and has
 * a default, which anyone may be. A property of the resource is a name like any other.
 */
function fillVariables(value: string, key: string): string {
  if (!value.includes('${')) return value;
  return value.replaceAll(/\$\{([^${},]*)(,[^${}]*)?\}/g, (_, name: string, byDefault?: string) => {
    const variable = name.trim().toLowerCase();
    if (variable === key || SENT_BY_CALLER.test(variable)) return '*';
    const isOwn = byDefault !== undefined || OF_CALLER.test(variable);
    return isOwn && OF_CALLER.test(key) ? '*' : 'variable';
  });
}

/**
 * IAM User Guide, "AWS global condition context keys", and Service Authorization Reference, "Amazon VPC Lattice
 * Services": properties of the principal, and of the network it is in.
 */
const OF_CALLER =
  /^(?:aws:principal|aws:user(?:id|name)$|aws:(?:ec2instance)?sourcevpc$|aws:vpce(?:account|org(?:id|paths))$|kms:calleraccount$|vpc-lattice-svcs:sourcevpc)/;

/** Keys that serve as variables too (IAM User Guide, "Request information that you can use for policy variables"). */
const SENT_BY_CALLER = /^(?:aws:(?:useragent|referer)$|aws:requesttag\/|s3:prefix$)/;
