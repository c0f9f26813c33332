import type { IdentityProvider, Openness } from '../../../tables/policy-tables.ts';
import type { Limit } from '../../document/condition-strength.ts';
import { admitsEveryone } from '../../document/principals.ts';
import {
  guestProviders,
  looseProviders,
  openProviders,
  unaskedProviders,
} from '../../document/provider-tenants.ts';
import { CONFIDENCES, type Confidence, type PolicyFinding } from '../../policy-findings.ts';
import type { Admission } from '../admissions.ts';
import {
  admittedActions,
  hedge,
  listActions,
  type PrincipalCheck,
  type PrincipalContext,
} from './principal-check.ts';

/**
 * Statements that let everyone in: a Principal of `*`, an Allow with NotPrincipal, or an identity provider that
 * serves everyone without a condition that names one of its tenants. A strong condition closes the door; a weak one,
 * such as aws:SecureTransport, only makes it less sure that the door stands open; and sts:ExternalId closes it to those
 * who do not know the value, which is no secret (IAM User Guide, "Access to AWS accounts owned by third parties"), as
 * does the id of an identity pool whose guests are let in (Amazon Cognito, "IAM roles", Role trust and permissions).
 * An address, a network or a unique id closes it to the others too, and may be a stranger's own: what is let in so is
 * outside of the zone of trust (IAM User Guide, "IAM Access Analyzer findings").
 */
export const checkPublicAccess: PrincipalCheck = (context) => {
  const open = context.admissions.flatMap((admission) =>
    [byProvider(admission, context), byEveryone(admission, context)].filter((found) => found !== undefined),
  );
  // Of one confidence there may be several reasons, and each finding has one.
  const groups = Map.groupBy(open, ({ confidence, why }) => `${CONFIDENCES.indexOf(confidence)} ${why}`);
  const findings = [...groups]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([, found]) => describe(found, context));
  const opened = new Set(open.map(({ admission }) => admission));
  const touched = admittedActions([...opened], context.data);
  return { risk: 'public_access', count: opened.size, findings, touched };
};

/** One finding of openings that have their confidence and their reason in common. */
function describe(found: readonly Opening[], context: PrincipalContext): PolicyFinding {
  const { confidence = 'high', why = '', openness } = found[0] ?? {};
  const actions = admittedActions(
    found.map(({ admission }) => admission),
    context.data,
  );
  return {
    risk: 'public_access',
    severity: confidence === 'low' ? 'medium' : 'critical',
    confidence,
    actions: listActions(actions, context),
    principals: [...new Set(found.flatMap(({ principals }) => principals))],
    statements: found.map(({ admission }) => admission.statement.index),
    why,
    ...(openness !== undefined && { openness }),
  };
}

interface Opening {
  readonly admission: Admission;
  readonly confidence: Confidence;
  readonly principals: readonly string[];
  readonly why: string;
  readonly openness?: Openness;
}

function byProvider(admission: Admission, { data }: PrincipalContext): Opening | undefined {
  const { statement } = admission;
  const loose = looseProviders(statement, data.identityProviders);
  const providers = openProviders(statement, data.identityProviders);
  if (providers.length > loose.length) {
    const why = 'Trusts an identity provider that serves everyone, and names no tenant of it.';
    return open(admission, 'high', namesOf(providers), why);
  }
  if (loose.length > 0) return open(admission, 'low', namesOf(loose), LOOSE);
  const guests = guestProviders(statement, data.identityProviders);
  if (guests.length > 0) {
    const why = 'Lets everyone in who knows the id of the identity pool, which is no secret, as its guests.';
    return open(admission, 'low', namesOf(guests), why);
  }
  const unasked = unaskedProviders(statement, data.identityProviders);
  if (unasked.length === 0) return undefined;
  const strength = data.conditions.of(statement.conditions, WHO_OR_FROM_WHERE);
  return strength === 'strong' ? undefined : open(admission, 'low', unasked, UNASKED);
}

/** A provider that the statement trusts besides is no reason to say less of everyone. */
function byEveryone(admission: Admission, { data }: PrincipalContext): Opening | undefined {
  const { statement } = admission;
  if (!admitsEveryone(statement)) return undefined;
  const strength = data.conditions.of(statement.conditions, WHO_OR_FROM_WHERE);
  if (strength !== 'strong')
    return open(admission, CONFIDENCES_UNLIMITED[strength], ['*'], WHY_UNLIMITED[strength]);
  const openness = data.conditions.opennessOf(statement.conditions, WHO_OR_FROM_WHERE);
  if (openness === undefined) return undefined;
  const opening = open(admission, 'low', ['*'], WHY_LIMITED[openness]);
  return admission.hedged === 'strongly' ? opening : { ...opening, openness };
}

/** What a Deny leaves of it. */
function open(
  admission: Admission,
  confidence: Confidence,
  principals: readonly string[],
  why: string,
): Opening {
  const after = WHY_AFTER_DENY[admission.hedged];
  return { admission, confidence: hedge(confidence, admission), principals, why: `${why}${after}` };
}

function namesOf(providers: readonly IdentityProvider[]): string[] {
  return providers.map(({ provider }) => provider);
}

const LOOSE =
  'Names a tenant of an identity provider that serves everyone, but lets pass a token without the claim; every token ' +
  'has it, so that strangers stay out.';

const UNASKED =
  'Trusts an identity provider without a condition that tells its tokens apart: whoever gets one there gets in.';

const WHO_OR_FROM_WHERE: readonly Limit[] = ['principal', 'service', 'network'];

const CONFIDENCES_UNLIMITED = { none: 'high', weak: 'medium' } as const;

const WHY_UNLIMITED = {
  none: 'Lets everyone in, without a condition.',
  weak: 'Lets everyone in; its conditions do not say who or from where.',
} as const;

const WHY_LIMITED = {
  learnable: 'Lets everyone in who knows a value, such as an external ID, that is no secret.',
  ownerless:
    "Lets everyone in from where, or as whom, its condition says; whether that is a stranger's, it does not say.",
} as const;

const WHY_AFTER_DENY = {
  no: '',
  partly: ' A Deny takes a part of it away.',
  strongly: ' A Deny turns away all but those whom it names.',
} as const;
