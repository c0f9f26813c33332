/** What happens to a policy in an event. */
export const POLICY_OPERATIONS = [
  'put',
  'grant',
  'revoke',
  'default',
  'delete',
  'attach',
  'detach',
  'bound',
  'unbound',
  'join',
  'leave',
] as const;
export type PolicyOperation = (typeof POLICY_OPERATIONS)[number];

export const POLICY_KINDS = ['identity', 'trust', 'resource'] as const;
export type PolicyKind = (typeof POLICY_KINDS)[number];

/** A field by name from requestParameters or responseElements down; `[key=value]` picks an element of a list. */
export type FieldPath = string;

/** One row of data/curated/policy-events.json: calls of one service that carry or move a policy in the same way. */
export type PolicyEventRule = PolicyRule | LifetimeRule;

interface RuleOfCalls {
  /** The eventSource in the partition aws. */
  readonly eventSource: string;
  /** Without a version suffix. */
  readonly events: readonly string[];
  readonly kind: PolicyKind;
  readonly subject?: RuleSubject;
  /** Whether what the policy says is in force after the call: `true` names the field that decides. */
  readonly effective: 'always' | 'never' | { readonly true: readonly FieldPath[] };
  readonly reason: string;
  readonly reference: string;
}

/** It is deleted. */
interface EndRule extends RuleOfCalls {
  readonly operation: 'end';
  readonly subject: RuleSubject;
}

/** It has another name after the call. */
interface RenameRule extends RuleOfCalls {
  readonly operation: 'rename';
  readonly subject: RuleSubject;
  readonly newName: readonly FieldPath[];
}

/**
 * What happens to the identity or the resource itself, and to its policies by that: remembered, and nothing that is
 * told of a policy.
 */
export type LifetimeRule = EndRule | RenameRule;

/** A row whose calls are answered. */
export interface PolicyRule extends RuleOfCalls {
  readonly operation: PolicyOperation;
  /** The policy grants nothing by itself: a boundary, a control policy, a session policy, an endpoint policy. */
  readonly limits?: true;
  /** The row holds only where one of the fields has one of the values. */
  readonly when?: { readonly path: readonly FieldPath[]; readonly values: readonly string[] };
  /** Where the document can be: the first field that holds one counts. */
  readonly document?: readonly FieldPath[];
  /** Lists from which a statement is put together where the event holds no document. */
  readonly statement?: StatementFields;
  /** Lists of those with whom the call shares something that has no policy document. */
  readonly shares?: ShareFields;
  /** Where one of the fields is false, nobody outside of the own organization can be shared with. */
  readonly outsiders?: readonly FieldPath[];
  /** What the call sets besides, and so limits whoever the document lets in. */
  readonly limitedBy?: readonly LimitingField[];
  /** Of the actions that the resource is asked for by, where they are not those of the host alone. */
  readonly prefixes?: readonly string[];
  /**
   * Of a resource that can have several policies, the name tells one from the others. within: a name that stands before
   * it, where it is one of a kind there only.
   */
  readonly policy?: {
    readonly arn?: readonly FieldPath[];
    readonly within?: readonly FieldPath[];
    readonly name?: readonly FieldPath[];
  };
  readonly version?: readonly FieldPath[];
  readonly group?: readonly FieldPath[];
  /** The call makes an identity, whose boundary stands there; without one it has none. */
  readonly boundary?: readonly FieldPath[];
  /** False where the policy lives no longer than the call's answer. */
  readonly remember?: false;
  /** False where a service that calls in somebody's name only does its own work. */
  readonly byServices?: false;
  /** An empty text in the place of the document takes the policy away. */
  readonly emptied?: true;
  /** AWS refuses the call if the name exists. So what was remembered under this name belongs to a deleted one. */
  readonly creates?: true;
}

/**
 * Whom or what the policy is for; a name that is an ARN stands for itself. alone: without a name it is the one of its
 * type that an account has in a Region. orArn: calls give the name or the ARN, as they like.
 */
interface RuleSubject {
  readonly type: string;
  readonly name: readonly FieldPath[];
  readonly alone?: true;
  readonly orArn?: true;
}

export function isOfPolicy(rule: PolicyEventRule): rule is PolicyRule {
  return rule.operation !== 'end' && rule.operation !== 'rename';
}

/** A field that limits, unless it is false, as the condition would that the document could have had instead. */
export interface LimitingField {
  readonly path: readonly FieldPath[];
  readonly condition: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export interface StatementFields {
  /** Put before action names that have no prefix. */
  readonly actionPrefix: string;
  readonly actions: readonly FieldPath[];
  readonly accounts?: readonly FieldPath[];
  readonly principal?: readonly FieldPath[];
  readonly sourceArn?: readonly FieldPath[];
  readonly sourceAccount?: readonly FieldPath[];
  /** EventBridge's is the value of its one condition, whose key is always aws:PrincipalOrgID. */
  readonly organization?: readonly FieldPath[];
  /** A whole Condition, as an object or as its text. */
  readonly condition?: readonly FieldPath[];
}

export interface ShareFields {
  readonly added: readonly ShareList[];
  /** A call that has one of these lists and none of the others only takes away: its operation is `revoke`. */
  readonly removed?: readonly FieldPath[];
  /** Whoever stands in `removed` too is not added. */
  readonly removedFirst?: true;
  /** The call says nothing of a policy where it names nobody of another account. */
  readonly ownUnsaid?: true;
  /** An access list as a whole, which takes the place of the one before it. */
  readonly closed?: ClosedList;
}

export interface ClosedList {
  /** The name of a list that AWS has ready: `private`. */
  readonly canned: readonly FieldPath[];
  readonly grants: readonly FieldPath[];
  /** Fields of a grant that hold the id of whom it is for. */
  readonly who: readonly string[];
  readonly owner: readonly FieldPath[];
  /** Ids, groups and names of lists that stand for services which only deliver to the owner. */
  readonly deliverers?: readonly string[];
}

export interface ShareList {
  /** A list of texts or of objects, or one of these alone. */
  readonly path: readonly FieldPath[];
  /** Dotted fields of an object that name whom, each a text or a list. */
  readonly who?: readonly string[];
  /** Only the objects in which this field has one of the values. */
  readonly when?: { readonly field: string; readonly values: readonly string[] };
  /** A field that limits an object to an organization, whose members are not known. */
  readonly unless?: string;
  /** Parts of the texts that stand for everyone; `*` and `all` where left out, in whatever case. */
  readonly everyone?: readonly string[];
  /** What whoever is named may do then. */
  readonly actions: readonly string[];
}

/** Finds the rule of a call. Most calls carry no policy, and their answer takes one look-up. */
export class PolicyEvents {
  readonly #rules = new Map<string, Map<string, PolicyEventRule>>();

  constructor(rules: readonly PolicyEventRule[]) {
    for (const rule of rules) {
      const ofSource = this.#rules.get(rule.eventSource) ?? new Map<string, PolicyEventRule>();
      for (const event of rule.events) ofSource.set(event.toLowerCase(), rule);
      this.#rules.set(rule.eventSource, ofSource);
    }
  }

  /** Names as KnownCalls hands them over: of the partition aws, and without a version. */
  find(eventSource: string, eventName: string): PolicyEventRule | undefined {
    return this.#rules.get(eventSource)?.get(eventName.toLowerCase());
  }
}
