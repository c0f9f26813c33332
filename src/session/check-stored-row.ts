import { isObject } from '../event/json.ts';
import type { Claim, Requester, Source } from './claim.ts';
import type { StoredRow } from './memory-rows.ts';
import type { SessionFacts, Sighting } from './session-facts.ts';

/**
 * Whether a row from outside can be worked with: snapshots hold our own rows, but a fault or a hand may change them.
 */
export function isStoredRow(row: unknown): row is StoredRow {
  if (!Array.isArray(row)) return false;
  const [kind, key, ...rest]: readonly unknown[] = row;
  if (kind === 'earliest') return key === null || typeof key === 'number';
  if (typeof key !== 'string') return false;
  switch (kind) {
    case 'claims':
      return isKept(rest) && isListOfClaims(rest[3]);
    case 'session':
      return isKept(rest) && hasShape(rest[3], FACTS);
    case 'creator':
      return isListOfClaims(rest[0]);
    case 'key':
      return typeof rest[0] === 'string';
    default:
      return kind === 'evicted';
  }
}

function isKept([owner, keepUntil, isProtected]: readonly unknown[]): boolean {
  return typeof owner === 'string' && typeof keepUntil === 'number' && typeof isProtected === 'boolean';
}

function isListOfClaims(value: unknown): boolean {
  return Array.isArray(value) && value.every((claim) => hasShape(claim, CLAIM));
}

type Check = (value: unknown) => boolean;
/** Of every field, so that one which is added to the type is not forgotten here. */
type Shape<Type> = { readonly [Field in keyof Type]-?: Check };

function hasShape(value: unknown, shape: Readonly<Record<string, Check>>): boolean {
  if (!isObject(value)) return false;
  for (const field in shape) if (shape[field]?.(value[field]) !== true) return false;
  return true;
}

const number: Check = (value) => typeof value === 'number';
const text: Check = (value) => typeof value === 'string';
const boolean: Check = (value) => typeof value === 'boolean';
const texts: Check = (value) => Array.isArray(value) && value.every(text);

/** JSON leaves out what is undefined. */
function optional(check: Check): Check {
  return (value) => value === undefined || check(value);
}

const optionalText = optional(text);
const optionalNumber = optional(number);
const set: Check = (value) => optionalText(value) || texts(value);

const REQUESTER: Shape<Requester> = {
  type: optionalText,
  arn: optionalText,
  principalId: optionalText,
  accountId: optionalText,
  accessKeyId: optionalText,
  invokedBy: optionalText,
  createdAt: optionalNumber,
  signInSessionArn: optionalText,
};

const SOURCE: Shape<Source> = {
  address: optionalText,
  userAgent: optionalText,
  vpcEndpointId: optionalText,
  vpcEndpointAccountId: optionalText,
};

const CLAIM: Shape<Claim> = {
  time: number,
  eventId: optionalText,
  sharedEventId: optionalText,
  kind: text,
  action: text,
  accountId: optionalText,
  region: optionalText,
  session: optionalText,
  actsAs: optionalText,
  expiresAt: optionalNumber,
  expiresBasis: optionalText,
  requester: (value) => hasShape(value, REQUESTER),
  source: (value) => hasShape(value, SOURCE),
  sourceIdentity: optionalText,
};

const SIGHTING: Shape<Sighting> = {
  time: number,
  eventId: optionalText,
  address: text,
  isPrivate: boolean,
  client: optionalText,
  vpcEndpointId: optionalText,
  vpcEndpointAccountId: optionalText,
};

const sighting = optional((value) => hasShape(value, SIGHTING));

const FACTS: Shape<SessionFacts> = {
  firstSeen: optionalNumber,
  earliestPublic: sighting,
  earliestPrivate: sighting,
  addresses: set,
  clients: set,
  isConsole: boolean,
  isWorkload: boolean,
  issued: set,
  pending: set,
  pendingUnnamed: number,
};
