import type { PolicyEvents } from './policy-events.ts';

/** The two ways a policy is read: as Cloudsplaining reads it, or for what it really allows. */
export const POLICY_MODES = ['effective', 'cloudsplaining'] as const;
export type PolicyMode = (typeof POLICY_MODES)[number];

export const SEVERITIES = ['low', 'medium', 'high', 'critical'] as const;
export type Severity = (typeof SEVERITIES)[number];

/**
 * Actions that together let their holder gain rights: data/curated/policy-escalations.json, in the order of reporting.
 */
export interface PolicyEscalation {
  readonly method: string;
  /** Lower case. */
  readonly actions: readonly string[];
  /** Both where left out. */
  readonly modes?: readonly PolicyMode[];
  /** Enough where they are allowed on the caller's own user only. */
  readonly onOwnUser?: true;
  /** With iam:PassRole: service principals, of which one has to be allowed to get the role. */
  readonly passedTo?: readonly string[];
  /**
   * Of the first of its actions: lists of resources, of each of which the policy has to take one in. AWS authorises the
   * action on them all (Service Authorization Reference: SendCommand on the document and on the machine); a session
   * may do without a document (Systems Manager User Guide, "Enforce a session document permission check"), and an
   * association without a machine (the same, "Working with associations using IAM").
   */
  readonly targets?: readonly (readonly string[])[];
  /**
   * Of its actions those that are enough on a resource of any name, such as one that the caller makes; each list is
   * about one resource (Service Authorization Reference: the resource types of the actions).
   */
  readonly anyName?: readonly (readonly string[])[];
  /** On that resource each of these undoes what a condition on iam:PermissionsBoundary asks of the other actions. */
  readonly unboundBy?: readonly string[];
  readonly reason: string;
  readonly reference: string;
}

/** An action that is a risk of itself: credential-actions.json and exfiltration-actions.json. */
export interface RiskAction {
  readonly action: string;
  readonly modes: readonly PolicyMode[];
  readonly reason: string;
  readonly reference: string;
}

/** What services of AWS, and some of it other accounts, do to put something in: data/curated/delivery-actions.json. */
export interface DeliveryAction {
  readonly action: string;
  /** Another account that is named, and may do it itself, takes nothing out either. */
  readonly account?: true;
  readonly reason: string;
  readonly reference: string;
}

/** An account of AWS that delivers: data/curated/aws-accounts.json. */
export interface AwsAccount {
  readonly account: string;
  readonly reason: string;
  readonly reference: string;
}

/** What Cloudsplaining gives a severity to. */
export const CLOUDSPLAINING_CATEGORIES = [
  'privilegeEscalation',
  'dataExfiltration',
  'resourceExposure',
  'serviceWildcard',
  'credentialsExposure',
  'infrastructureModification',
  'assumableByComputeService',
  'assumableByCrossAccountPrincipal',
  'assumableByAnyPrincipal',
  'assumableByAnyPrincipalWithConditions',
] as const;
export type CloudsplainingCategory = (typeof CLOUDSPLAINING_CATEGORIES)[number];

/** Constants of Cloudsplaining: data/curated/cloudsplaining.json. */
export interface CloudsplainingConstants {
  readonly source: string;
  readonly severity: Readonly<Record<CloudsplainingCategory, Severity>>;
  /** Lower-case actions that count as modifying the infrastructure although they read. */
  readonly alwaysModifying: readonly string[];
  /** The first label of the service principals that run code of their user. */
  readonly computeServices: readonly string[];
}

/** One row of data/generated/resource-types.json: the ARN format of a service's resource type. */
export type ResourceTypeRow = readonly [service: string, type: string, arn: string];

/** A row of data/curated/generated-names.json: what AWS makes the names of a type's resources of. */
export interface GeneratedName {
  /** In the ARN, and of the variable in its format: `ec2` and `InstanceId`. */
  readonly service: string;
  readonly variable: string;
  /** `*` is any text, `?` any character. */
  readonly name: string;
  readonly reason: string;
  readonly reference: string;
}

/**
 * What a value of a key is made of, and so how much of it has to stand there for it to name somebody. id: nothing but
 * a name that AWS gives out; organization_path and unique_id: such a name up to the first `/` or `:`; provider: the ARN
 * of an identity provider; service: the name of a service up to the first dot.
 */
export type ValueForm = 'id' | 'organization_path' | 'unique_id' | 'arn' | 'provider' | 'address' | 'service';

/**
 * How everyone is let in though a condition limits: who knows a value that is no secret; or from where, or as whom, it
 * says, which may be a stranger's.
 */
export type Openness = 'learnable' | 'ownerless';

/** A row of data/curated/condition-keys.json: a key that limits who passes, from where, in what session, or on what. */
export interface ConditionKey {
  /** Lower case; `*` stands for any text. */
  readonly key: string;
  /** Where given, only these values limit. */
  readonly values?: readonly string[];
  readonly form?: ValueForm;
  /** Values that leave nothing out, as a pattern that takes one in does: a policy that gives everything, for one. */
  readonly limitless?: readonly string[];
  /** Whoever learns the value meets it: it tells nobody apart. */
  readonly learnable?: true;
  /** Its values do not say whose they are: an address, a network or the id of a role may be a stranger's. */
  readonly ownerless?: true;
  /** Who the caller is: the holder of an identity policy always has the value, or never. */
  readonly ofHolder?: true;
  /** service: an AWS service and nobody else, but for whomever it acts. */
  readonly limits: 'principal' | 'service' | 'network' | 'session' | 'target';
  readonly reason: string;
  readonly reference: string;
}

/** A row of data/curated/identity-providers.json: an issuer that anyone can get tokens from. */
export interface IdentityProvider {
  readonly provider: string;
  /** A condition on one of these, as `<provider>:<claim>`, tells one tenant from the others. */
  readonly claims: readonly string[];
  /** Where tenants choose the parts of `sub`: those of which one has to be there for it to name one of them. */
  readonly subject?: readonly string[];
  /**
   * Of these parts, and of claims by themselves, those that begin with the name of an owner: it is the same owner in
   * all of them. An id of the owner may stand behind the name: `octo-org@123456` (GitHub Docs, "OpenID Connect
   * reference").
   */
  readonly owners?: readonly string[];
  /** What a claim says of those who got their token without signing in. */
  readonly guests?: { readonly claim: string; readonly value: string };
  readonly reason: string;
  readonly reference: string;
}

/** Everything that policies are held against, besides the actions themselves. */
export interface PolicyTables {
  readonly events: PolicyEvents;
  readonly escalations: readonly PolicyEscalation[];
  readonly credentialActions: readonly RiskAction[];
  readonly exfiltrationActions: readonly RiskAction[];
  readonly deliveryActions: readonly DeliveryAction[];
  readonly awsAccounts: readonly AwsAccount[];
  readonly cloudsplaining: CloudsplainingConstants;
  readonly resourceTypes: readonly ResourceTypeRow[];
  readonly generatedNames: readonly GeneratedName[];
  readonly conditionKeys: readonly ConditionKey[];
  readonly identityProviders: readonly IdentityProvider[];
}
